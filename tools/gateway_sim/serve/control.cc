#include "gateway_sim/serve/control.h"

#include <boost/json.hpp>

#include "gateway_sim/door/params.h"

namespace cc::sim {
namespace {

constexpr std::string_view kOk = R"({"ok":true})";

std::unexpected<std::string> wrong(std::string what) {
  return std::unexpected(std::move(what));
}

template <class... Fields>
std::string object_of(const Fields&... fields) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  (json.field(fields.first, fields.second), ...);
  json.end_object();
  return out;
}

HttpReply problem(unsigned status, std::string_view what) {
  return {status, "application/json", object_of(std::pair{"error", what})};
}

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

std::optional<Outcome> outcome_named(const std::string& name) {
  if (name == "done") return Outcome::kDone;
  if (name == "failed") return Outcome::kFailed;
  if (name == "killed") return Outcome::kKilled;
  if (name == "timeout") return Outcome::kTimeout;
  return std::nullopt;
}

AgentPatch agent_patch(const boost::json::object& body) {
  return {maybe_text(body, "name"), maybe_text(body, "emoji"), maybe_text(body, "model"),
          maybe_text(body, "workspace")};
}

}  // namespace

HttpReply Control::handle(const HttpAsk& ask) {
  const std::string path = ask.target.substr(0, ask.target.find('?'));
  if (path == "/_sim/stats") return {200, "application/json", gateway_.stats_json()};
  if (ask.method != "POST") return problem(405, "POST a JSON object");
  boost::system::error_code error;
  const boost::json::value parsed = boost::json::parse(ask.body.empty() ? "{}" : ask.body, error);
  if (error || !parsed.is_object()) return problem(400, "the body is not a JSON object");
  const Reply reply = dispatch(path, parsed.get_object());
  if (!reply) return problem(reply.error().empty() ? 404 : 400, reply.error());
  return {200, "application/json", *reply};
}

Control::Reply Control::dispatch(std::string_view path, const Body& body) {
  if (path == "/_sim/fault") return fault(body);
  if (path == "/_sim/emit") return emit(body);
  if (path == "/_sim/agents") return agents(body);
  if (path == "/_sim/sessions") return sessions(body);
  if (path == "/_sim/run") return run(body);
  if (path == "/_sim/devices/approve") return approve_device(body);
  if (path == "/_sim/devices/remove") return remove_device(body);
  if (path == "/_sim/approvals/resolve") return approval(body);
  if (path == "/_sim/rate") return rate(body);
  if (path == "/_sim/rest") return rest(body);
  return wrong("");
}

Control::Reply Control::emit(const Body& body) {
  const std::string name = text_of(body, "event");
  if (name.empty()) return wrong("\"event\" is missing");
  const auto* payload = body.if_contains("payload");
  auto text = std::make_shared<std::string>();
  JsonWriter json(*text);
  json.begin_object().field("type", "event").field("event", name);
  if (payload != nullptr) json.key("payload").raw(std::string(boost::json::serialize(*payload)));
  Event event;
  event.name = name;
  event.audience = truth_of(body, "toAll") ? Audience::kAll : audience_of(name);
  event.body = std::move(text);
  event.targeted = event.audience == Audience::kSubscribers;
  std::int64_t heard = 0;
  for (Peer* peer : gateway_.peers()) {
    if (peer->client().hears(event.audience, gateway_.protocol())) ++heard;
  }
  gateway_.publish(event);
  return object_of(std::pair{"ok", true}, std::pair{"delivered", heard});
}

Control::Reply Control::agents(const Body& body) {
  const std::string op = text_of(body, "op");
  const std::string id = text_of(body, "id");
  if (id.empty()) return wrong("\"id\" is missing");
  Agent* agent = gateway_.world().agents().find(id);
  if (op == "create") {
    AgentPatch patch = agent_patch(body);
    Story story = gateway_.director().create_agent(id, patch, gateway_.now());
    gateway_.publish(std::move(story));
    return std::string(kOk);
  }
  if (agent == nullptr) return wrong("there is no agent " + id);
  if (op == "update") {
    gateway_.publish(gateway_.director().update_agent(*agent, agent_patch(body), gateway_.now()));
  } else if (op == "delete") {
    gateway_.publish(gateway_.director().remove_agent(id, gateway_.now()));
  } else {
    return wrong("\"op\" is create, update or delete");
  }
  return std::string(kOk);
}

Control::Reply Control::sessions(const Body& body) {
  const std::string op = text_of(body, "op");
  const std::string key = text_of(body, "key");
  World& world = gateway_.world();
  if (op == "create") {
    const std::string agent = text_of(body, "agentId", world.default_agent().id);
    const std::string made = key.empty() ? "agent:" + agent + ":sim-" + world.rng().hex(8) : key;
    gateway_.publish(
        gateway_.director().create_session(agent, made, text_of(body, "label"), gateway_.now()));
    return object_of(std::pair{"ok", true}, std::pair{"key", made});
  }
  Session* session = world.sessions().find(key);
  if (session == nullptr) return wrong("there is no session " + key);
  if (op == "patch") {
    SessionPatch patch{maybe_text(body, "label"), maybe_text(body, "model"), {}};
    if (body.contains("archived")) patch.archived = truth_of(body, "archived");
    gateway_.publish(gateway_.director().patch_session(*session, patch, gateway_.now()));
  } else if (op == "reset") {
    gateway_.publish(gateway_.director().reset_session(*session, gateway_.now()));
  } else if (op == "delete") {
    gateway_.publish(gateway_.director().remove_session(key, gateway_.now()));
  } else {
    return wrong("\"op\" is create, patch, reset or delete");
  }
  return std::string(kOk);
}

Session* Control::session_for_run(const Body& body) {
  World& world = gateway_.world();
  const std::string key = text_of(body, "sessionKey");
  if (!key.empty()) return world.sessions().find(key);
  const std::string agent = text_of(body, "agentId");
  for (const auto& session : world.sessions()) {
    if (session->active_run.empty() && (agent.empty() || session->agent_id == agent))
      return session.get();
  }
  return nullptr;
}

Control::Reply Control::run(const Body& body) {
  Session* session = session_for_run(body);
  if (session == nullptr) return wrong("there is no such session, or all of them are busy");
  if (!session->active_run.empty()) return wrong("the session is busy");
  const auto outcome = outcome_named(text_of(body, "outcome", "done"));
  if (!outcome) return wrong("\"outcome\" is done, failed, killed or timeout");
  PlayOptions play;
  play.duration = Millis{maybe_integer(body, "durationMs").value_or(3000)};
  play.outcome = *outcome;
  play.waits_for_approval = truth_of(body, "waiting");
  play.stuck = truth_of(body, "stuck");
  const std::string key = session->key;
  const std::string id =
      gateway_.play(*session, {}, text_of(body, "message", "Do it."), false, play);
  return object_of(std::pair{"ok", true}, std::pair{"runId", id}, std::pair{"sessionKey", key});
}

Control::Reply Control::approve_device(const Body& body) {
  std::string id = text_of(body, "requestId");
  const auto& pending = gateway_.door().pending();
  if (id.empty() && !pending.empty()) id = pending.begin()->first;
  if (!gateway_.door().approve(id, gateway_.now())) return wrong("there is no such request");
  return object_of(std::pair{"ok", true}, std::pair{"requestId", id});
}

Control::Reply Control::remove_device(const Body& body) {
  const std::string id = text_of(body, "deviceId");
  if (!gateway_.door().remove_device(id)) return wrong("there is no such device");
  for (Peer* peer : gateway_.peers()) {
    if (peer->client().device_id == id) peer->close(4001, "device removed");
  }
  return std::string(kOk);
}

Control::Reply Control::approval(const Body& body) {
  std::string id = text_of(body, "id");
  const Roster<Approval>& approvals = gateway_.world().approvals();
  if (id.empty() && !approvals.empty()) id = approvals.at(0).id;
  if (!gateway_.resolve_approval(id, text_of(body, "decision", "allow-once"), "gateway-sim")) {
    return wrong("there is no such approval");
  }
  return object_of(std::pair{"ok", true}, std::pair{"id", id});
}

Control::Reply Control::rate(const Body& body) {
  const auto* events = body.if_contains("events");
  if (events == nullptr || !events->is_number()) return wrong("\"events\" is a number");
  gateway_.set_rate(events->to_number<double>());
  return std::string(kOk);
}

Control::Reply Control::rest(const Body& body) {
  const std::string mode = text_of(body, "mode", "on");
  if (mode != "on" && mode != "off" && mode != "html") return wrong("\"mode\" is on, off or html");
  gateway_.set_rest_mode(mode == "on"    ? RestMode::kOn
                         : mode == "off" ? RestMode::kOff
                                         : RestMode::kHtml);
  return std::string(kOk);
}

}  // namespace cc::sim
