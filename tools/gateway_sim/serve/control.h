#pragma once
// /_sim/: how a tester steers the gateway. JSON in, JSON out; only from this machine, without a
// login.

#include "gateway_sim/serve/http_routes.h"
#include "gateway_sim/serve/orders.h"

namespace cc::sim {

class Control {
 public:
  Control(Gateway& gateway, Restart restart) : gateway_(gateway), restart_(std::move(restart)) {}

  [[nodiscard]] HttpReply handle(const HttpAsk& ask);

 private:
  Gateway& gateway_;
  const Restart restart_;
};

}  // namespace cc::sim
