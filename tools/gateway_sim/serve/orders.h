#pragma once
// What a tester can order. Each takes the body of a POST to /_sim/ and acts on the gateway at once.

#include <expected>
#include <functional>
#include <string>

#include <boost/json/object.hpp>

#include "gateway_sim/gateway.h"
#include "gateway_sim/json.h"

namespace cc::sim {

/// Stops listening for so long, then comes back as a new process.
using Restart = std::function<void(Millis down, Millis starting, const std::string& expected_ms)>;

struct Order {
  Gateway& gateway;
  const Restart& restart;
  const boost::json::object& body;
};

/// JSON, or what is wrong with the order.
using Reply = std::expected<std::string, std::string>;

[[nodiscard]] inline Reply done() {
  return object_of(std::pair{"ok", true});
}
[[nodiscard]] inline std::unexpected<std::string> wrong(std::string what) {
  return std::unexpected(std::move(what));
}

// fleet_orders.cc: something happens in the fleet.
Reply order_agents(const Order& order);
Reply order_sessions(const Order& order);
Reply order_run(const Order& order);
Reply order_approval(const Order& order);

// gateway_orders.cc: the gateway does something.
Reply order_event(const Order& order);
Reply order_rate(const Order& order);
Reply order_rest(const Order& order);
Reply order_pairing(const Order& order);
Reply order_removal(const Order& order);

// fault_orders.cc
Reply order_fault(const Order& order);

}  // namespace cc::sim
