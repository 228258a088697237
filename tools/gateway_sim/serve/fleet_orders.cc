#include "gateway_sim/calls/patches.h"
#include "gateway_sim/serve/orders.h"

namespace cc::sim {
namespace {

Reply tell(const Order& order, Story story) {
  order.gateway.publish(std::move(story));
  return done();
}

Reply create_session(const Order& order) {
  Gateway& gateway = order.gateway;
  const std::string agent = text_of(order.body, "agentId", gateway.world().default_agent().id);
  std::string key = text_of(order.body, "key");
  if (key.empty()) key = "agent:" + agent + ":sim-" + gateway.world().rng().hex(8);
  gateway.publish(
      gateway.director().create_session(agent, key, text_of(order.body, "label"), gateway.now()));
  return object_of(std::pair{"ok", true}, std::pair{"key", key});
}

/// Many at once, each with so much text.
Reply flood_with_sessions(const Order& order) {
  Gateway& gateway = order.gateway;
  const std::string agent = text_of(order.body, "agentId", gateway.world().default_agent().id);
  const std::string text(static_cast<std::size_t>(maybe_integer(order.body, "bytes").value_or(100)),
                         'x');
  std::string key;
  for (auto left = maybe_integer(order.body, "count").value_or(1000); left > 0; --left) {
    key = "agent:" + agent + ":flood-" + gateway.world().rng().hex(16);
    gateway.publish(gateway.director().create_session(agent, key, text, gateway.now()));
    SessionPatch patch;
    patch.model = "x/" + text;
    gateway.publish(gateway.director().patch_session(*gateway.world().sessions().find(key), patch,
                                                     gateway.now()));
  }
  return object_of(std::pair{"ok", true}, std::pair{"key", key});
}

Reply change_session(const Order& order, std::string_view op, Session& session) {
  Director& director = order.gateway.director();
  const TimeMs now = order.gateway.now();
  if (op == "patch")
    return tell(order, director.patch_session(session, session_patch(order.body), now));
  if (op == "reset") return tell(order, director.reset_session(session, now));
  if (op == "delete") return tell(order, director.remove_session(std::string(session.key), now));
  return wrong("\"op\" is create, patch, reset or delete");
}

Reply change_agent(const Order& order, std::string_view op, Agent& agent) {
  Director& director = order.gateway.director();
  const TimeMs now = order.gateway.now();
  if (op == "update")
    return tell(order, director.update_agent(agent, agent_patch(order.body), now));
  if (op == "delete") return tell(order, director.remove_agent(std::string(agent.id), now));
  return wrong("\"op\" is create, update or delete");
}

/// The one that is named, else the first idle one, of the agent if one is named.
Session* session_for_run(const Order& order) {
  World& world = order.gateway.world();
  const std::string key = text_of(order.body, "sessionKey");
  if (!key.empty()) return world.sessions().find(key);
  const std::string agent = text_of(order.body, "agentId");
  for (const auto& session : world.sessions()) {
    if (session->active_run.empty() && (agent.empty() || session->agent_id == agent))
      return session.get();
  }
  return nullptr;
}

std::optional<Outcome> outcome_named(const std::string& name) {
  if (name == "done") return Outcome::kDone;
  if (name == "failed") return Outcome::kFailed;
  if (name == "killed") return Outcome::kKilled;
  if (name == "timeout") return Outcome::kTimeout;
  return std::nullopt;
}

PlayOptions play_of(const boost::json::object& body, Outcome outcome) {
  return {.duration = Millis{maybe_integer(body, "durationMs").value_or(3000)},
          .outcome = outcome,
          .waits_for_approval = truth_of(body, "waiting"),
          .stuck = truth_of(body, "stuck")};
}

}  // namespace

Reply order_agents(const Order& order) {
  Gateway& gateway = order.gateway;
  const std::string op = text_of(order.body, "op");
  const std::string id = text_of(order.body, "id");
  if (id.empty()) return wrong("\"id\" is missing");
  if (op == "create")
    return tell(order, gateway.director().create_agent(id, agent_patch(order.body), gateway.now()));
  Agent* agent = gateway.world().agents().find(id);
  if (agent == nullptr) return wrong("there is no agent " + id);
  return change_agent(order, op, *agent);
}

Reply order_sessions(const Order& order) {
  const std::string op = text_of(order.body, "op");
  if (op == "create") return create_session(order);
  if (op == "flood") return flood_with_sessions(order);
  const std::string key = text_of(order.body, "key");
  Session* session = order.gateway.world().sessions().find(key);
  if (session == nullptr) return wrong("there is no session " + key);
  return change_session(order, op, *session);
}

Reply order_run(const Order& order) {
  Session* session = session_for_run(order);
  if (session == nullptr) return wrong("there is no such session, or all of them are busy");
  if (!session->active_run.empty()) return wrong("the session is busy");
  const auto outcome = outcome_named(text_of(order.body, "outcome", "done"));
  if (!outcome) return wrong("\"outcome\" is done, failed, killed or timeout");
  const std::string key = session->key;
  const std::string id = order.gateway.play(*session, {}, text_of(order.body, "message", "Do it."),
                                            false, play_of(order.body, *outcome));
  return object_of(std::pair{"ok", true}, std::pair{"runId", id}, std::pair{"sessionKey", key});
}

Reply order_approval(const Order& order) {
  std::string id = text_of(order.body, "id");
  const Roster<Approval>& approvals = order.gateway.world().approvals();
  if (id.empty() && !approvals.empty()) id = approvals.at(0).id;
  const std::string decision = text_of(order.body, "decision", "allow-once");
  if (!order.gateway.resolve_approval(id, decision, "gateway-sim"))
    return wrong("there is no such approval");
  return object_of(std::pair{"ok", true}, std::pair{"id", id});
}

}  // namespace cc::sim
