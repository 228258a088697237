#include <algorithm>

#include <boost/json.hpp>

#include "gateway_sim/door/params.h"
#include "gateway_sim/serve/orders.h"

namespace cc::sim {
namespace {

/// Who gets an event of that name from a real gateway.
Audience audience_of(std::string_view event) {
  if (event == "sessions.changed" || event == "session.message" || event == "session.tool") {
    return Audience::kSubscribers;
  }
  if (event.starts_with("exec.approval.")) return Audience::kApprovers;
  if (event.starts_with("device.pair.") || event.starts_with("node.pair."))
    return Audience::kPairers;
  if (event == "agent" || event == "chat" || event == "config.changed") return Audience::kReaders;
  return Audience::kAll;
}

Event event_of(const boost::json::object& body, const std::string& name) {
  auto frame = std::make_shared<std::string>();
  JsonWriter json(*frame);
  json.begin_object().field("type", "event").field("event", name);
  if (const auto* payload = body.if_contains("payload"))
    json.key("payload").raw(boost::json::serialize(*payload));
  Event event;
  event.name = name;
  event.audience = truth_of(body, "toAll") ? Audience::kAll : audience_of(name);
  event.body = std::move(frame);
  event.targeted = event.audience == Audience::kSubscribers;
  return event;
}

}  // namespace

Reply order_event(const Order& order) {
  Gateway& gateway = order.gateway;
  const std::string name = text_of(order.body, "event");
  if (name.empty()) return wrong("\"event\" is missing");
  const Event event = event_of(order.body, name);
  const std::vector<Peer*> peers = gateway.peers();
  const auto heard = std::count_if(peers.begin(), peers.end(), [&](Peer* peer) {
    return peer->client().hears(event.audience, gateway.protocol());
  });
  gateway.publish(event);
  return object_of(std::pair{"ok", true}, std::pair{"delivered", std::int64_t{heard}});
}

Reply order_rate(const Order& order) {
  const auto* events = order.body.if_contains("events");
  if (events == nullptr || !events->is_number()) return wrong("\"events\" is a number");
  order.gateway.set_rate(events->to_number<double>());
  return done();
}

Reply order_rest(const Order& order) {
  const auto mode = rest_mode_named(text_of(order.body, "mode", "on"));
  if (!mode) return wrong("\"mode\" is on, off or html");
  order.gateway.set_rest_mode(*mode);
  return done();
}

Reply order_pairing(const Order& order) {
  std::string id = text_of(order.body, "requestId");
  const auto& pending = order.gateway.door().pending();
  if (id.empty() && !pending.empty()) id = pending.begin()->first;
  if (!order.gateway.door().approve(id, order.gateway.now()))
    return wrong("there is no such request");
  return object_of(std::pair{"ok", true}, std::pair{"requestId", id});
}

Reply order_removal(const Order& order) {
  if (!order.gateway.remove_device(text_of(order.body, "deviceId")))
    return wrong("there is no such device");
  return done();
}

}  // namespace cc::sim
