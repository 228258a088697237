#pragma once
// The calls that a client can make once it is in.

#include <string>
#include <string_view>
#include <vector>

#include "gateway_sim/call_log.h"
#include "gateway_sim/calls/method.h"

namespace cc::sim {

class Rpc {
 public:
  explicit Rpc(Gateway& gateway) : gateway_(gateway), log_(gateway.options().call_log) {}

  /// Checks the scope and the parameters, then answers. Events that the call causes are published
  /// on the way, which may be before the answer is sent, as with real gateways.
  Answer call(Client& client, std::string_view method, const boost::json::object& params);
  /// Of all the methods, for the hello.
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  void note(const Method& method, const boost::json::object& params, const Answer& answer);

  Gateway& gateway_;
  CallLog log_;
};

}  // namespace cc::sim
