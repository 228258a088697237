#pragma once
// The plain HTTP that a gateway answers on the same port: health, the REST endpoint, the tools.

#include <string>
#include <string_view>

#include "gateway_sim/gateway.h"

namespace cc::sim {

struct HttpAsk {
  std::string method;
  std::string target;  // path and query
  std::string authorization;
  std::string body;
};

struct HttpReply {
  unsigned status = 200;
  std::string type = "application/json";
  std::string body;
};

[[nodiscard]] HttpReply route(Gateway& gateway, const HttpAsk& ask);

}  // namespace cc::sim
