#include <boost/json.hpp>

#include "gateway_sim/calls/rpc.h"

namespace cc::sim {
namespace {

/// An object with these members, in order.
template <class... Fields>
std::string object_of(const Fields&... fields) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  (json.field(fields.first, fields.second), ...);
  json.end_object();
  return out;
}

SessionQuery query_of(const boost::json::object& params, TimeMs now) {
  SessionQuery query;
  query.limit = maybe_integer(params, "limit");
  query.offset = std::max<std::int64_t>(0, maybe_integer(params, "offset").value_or(0));
  query.agent_id = text_of(params, "agentId");
  query.label = text_of(params, "label");
  query.search = text_of(params, "search");
  query.active_minutes = maybe_integer(params, "activeMinutes");
  query.active_only = truth_of(params, "activeOnly");
  query.style.now = now;
  query.style.derived_title = truth_of(params, "includeDerivedTitles");
  query.style.last_message = truth_of(params, "includeLastMessage");
  return query;
}

/// "agent:ID:REST" → ID; the default agent where the key is not one.
std::string agent_in(const std::string& key, const World& world) {
  if (!key.starts_with("agent:")) return world.default_agent().id;
  return key.substr(6, key.find(':', 6) - 6);
}

/// Rows that nobody could mean.
constexpr std::string_view kWrongRows =
    R"([{"key":17,"kind":["direct"],"agentId":{},"updatedAt":"yesterday","sessionId":false,"label":12,)"
    R"("status":3,"startedAt":"now","endedAt":[],"inputTokens":"many","outputTokens":{},"totalTokens":true,)"
    R"("contextTokens":"200k","estimatedCostUsd":"free","model":[],"modelProvider":1,"archived":"no",)"
    R"("hasActiveRun":"perhaps","activeRunIds":"k-1","childSessions":5,"parentSessionKey":9},)"
    R"("row",null,[],{"key":"agent:main:wrong-types","updatedAt":1e300,"status":{"a":1},"totalTokens":-1.5}])";

}  // namespace

std::string Rpc::list(const Params& params) {
  SessionQuery query = query_of(params, gateway_.now());
  query.style.slim = gateway_.options().slim_rows;
  if (query.offset > 0 && gateway_.faults().moving_total.take()) query.total_shift = 1;
  std::string out;
  JsonWriter json(out);
  if (gateway_.faults().wrong_types.take()) {
    json.begin_object().field("ts", gateway_.now()).field("path", 7).field("count", "two");
    json.field("totalCount", 5)
        .field("limitApplied", 100)
        .key("nextOffset")
        .null()
        .field("hasMore", false);
    json.key("defaults").value("none").key("sessions").raw(kWrongRows).end_object();
    return out;
  }
  write_sessions_list(json, gateway_.world(), gateway_.protocol(), query);
  return out;
}

Answer Rpc::sessions_list(Client& /*client*/, const Params& params) {
  return list(params);
}

Answer Rpc::sessions_subscribe(Client& client, const Params& params) {
  client.subscribed = true;
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("subscribed", true);
  if (gateway_.protocol() == Protocol::kV4 && !params.empty()) json.key("list").raw(list(params));
  json.end_object();
  return out;
}

Answer Rpc::sessions_unsubscribe(Client& client, const Params& /*params*/) {
  client.subscribed = false;
  return R"({"subscribed":false})";
}

Answer Rpc::messages_subscribe(Client& /*client*/, const Params& params) {
  return object_of(std::pair{"subscribed", true}, std::pair{"key", text_of(params, "key")});
}

Answer Rpc::sessions_describe(Client& /*client*/, const Params& params) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("session");
  if (const Session* session = gateway_.world().sessions().find(text_of(params, "key"))) {
    write_session(json, *session, gateway_.protocol(), {.now = gateway_.now()});
  } else {
    json.null();
  }
  json.end_object();
  return out;
}

Answer Rpc::sessions_resolve(Client& /*client*/, const Params& params) {
  const std::string key = text_of(params, "key");
  const std::string id = text_of(params, "sessionId");
  const std::string label = text_of(params, "label");
  for (const auto& session : gateway_.world().sessions()) {
    const bool named = session->key == key || (!id.empty() && session->session_id == id) ||
                       (!label.empty() && session->label == label);
    if (named) return object_of(std::pair{"ok", true}, std::pair{"key", session->key});
  }
  return std::unexpected(invalid_request("session not found"));
}

std::string Rpc::entry_of(const Session& session) const {
  return object_of(std::pair{"sessionId", session.session_id},
                   std::pair{"updatedAt", session.updated_at}, std::pair{"label", session.label});
}

Answer Rpc::sessions_create(Client& /*client*/, const Params& params) {
  World& world = gateway_.world();
  const std::string asked = text_of(params, "key");
  const std::string agent = text_of(params, "agentId", agent_in(asked, world));
  const std::string key = asked.empty() ? "agent:" + agent + ':' + world.rng().uuid() : asked;
  gateway_.publish(
      gateway_.director().create_session(agent, key, text_of(params, "label"), gateway_.now()));
  Session& session = *world.sessions().find(key);
  const bool starts = params.contains("message") && session.active_run.empty();
  if (starts) gateway_.play(session, {}, text_of(params, "message"), true, {});
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("ok", true).field("key", key).field("sessionId", session.session_id);
  json.key("entry").raw(entry_of(session)).field("runStarted", starts).end_object();
  return out;
}

Answer Rpc::sessions_patch(Client& /*client*/, const Params& params) {
  World& world = gateway_.world();
  const std::string key = text_of(params, "key");
  SessionPatch patch;
  if (params.contains("label")) patch.label = text_of(params, "label");
  patch.model = maybe_text(params, "model");
  if (params.contains("archived")) patch.archived = truth_of(params, "archived");
  for (const auto& other : world.sessions()) {
    if (patch.label && !patch.label->empty() && other->label == *patch.label && other->key != key) {
      return std::unexpected(invalid_request("label already in use: " + *patch.label));
    }
  }
  // A real gateway makes the session where there is none, even for an agent that it does not know.
  Session& session =
      world.create_session(agent_in(key, world), key, patch.label.value_or(""), gateway_.now());
  gateway_.publish(gateway_.director().patch_session(session, patch, gateway_.now()));
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("ok", true).field("path", "(multiple)").field("key", key);
  json.key("entry").raw(entry_of(session)).key("resolved").begin_object();
  json.field("modelProvider", session.provider)
      .field("model", session.model)
      .end_object()
      .end_object();
  return out;
}

Answer Rpc::sessions_reset(Client& /*client*/, const Params& params) {
  const std::string key = text_of(params, "key");
  Session* session = gateway_.world().sessions().find(key);
  if (session == nullptr) return std::unexpected(invalid_request("session not found: " + key));
  gateway_.publish(gateway_.director().reset_session(*session, gateway_.now()));
  std::string out;
  JsonWriter json(out);
  json.begin_object()
      .field("ok", true)
      .field("key", key)
      .key("entry")
      .raw(entry_of(*session))
      .end_object();
  return out;
}

Answer Rpc::sessions_delete(Client& /*client*/, const Params& params) {
  const std::string key = text_of(params, "key");
  const Session* session = gateway_.world().sessions().find(key);
  if (key == "agent:" + gateway_.world().default_agent().id + ":main") {
    return std::unexpected(invalid_request("Cannot delete the main session (" + key + ")."));
  }
  const bool held = session != nullptr;
  gateway_.publish(gateway_.director().remove_session(key, gateway_.now()));
  std::string out;
  JsonWriter json(out);
  json.begin_object()
      .field("ok", true)
      .field("key", key)
      .field("deleted", held)
      .raw(R"("archived":[])")
      .end_object();
  return out;
}

std::string Rpc::begin_run(Session& session, const Params& params) {
  const std::string id = text_of(params, "idempotencyKey");
  const bool known = gateway_.world().runs().find(id) != nullptr;
  if (known) return object_of(std::pair{"runId", id}, std::pair{"status", "in_flight"});
  if (!session.active_run.empty())
    return object_of(std::pair{"runId", session.active_run}, std::pair{"status", "started"});
  const std::string run = gateway_.play(session, id, text_of(params, "message"), true, {});
  return object_of(std::pair{"runId", run}, std::pair{"status", "started"});
}

Answer Rpc::sessions_send(Client& /*client*/, const Params& params) {
  Session* session = gateway_.world().sessions().find(text_of(params, "key"));
  if (session == nullptr) return std::unexpected(invalid_request("session not found"));
  return begin_run(*session, params);
}

Answer Rpc::chat_send(Client& /*client*/, const Params& params) {
  World& world = gateway_.world();
  const std::string key = text_of(params, "sessionKey");
  return begin_run(world.create_session(agent_in(key, world), key, {}, gateway_.now()), params);
}

std::string Rpc::abort(Session& session) {
  Run* run = gateway_.world().runs().find(session.active_run);
  if (run == nullptr) return {};
  const std::string id = run->id;
  gateway_.publish(gateway_.director().finish_run(*run, Outcome::kKilled, gateway_.now()));
  return id;
}

Answer Rpc::sessions_abort(Client& /*client*/, const Params& params) {
  Session* session = gateway_.world().sessions().find(text_of(params, "key"));
  if (const Run* run = gateway_.world().runs().find(text_of(params, "runId"))) {
    session = gateway_.world().sessions().find(run->session_key);
  }
  const std::string id = session == nullptr ? "" : abort(*session);
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("ok", true).key("abortedRunId");
  if (id.empty()) {
    json.null().field("status", "no-active-run");
  } else {
    json.value(id).field("status", "aborted");
  }
  json.end_object();
  return out;
}

Answer Rpc::chat_abort(Client& /*client*/, const Params& params) {
  Session* session = gateway_.world().sessions().find(text_of(params, "sessionKey"));
  const std::string id = session == nullptr ? "" : abort(*session);
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("ok", true).field("aborted", !id.empty()).key("runIds").begin_array();
  if (!id.empty()) json.value(id);
  json.end_array().end_object();
  return out;
}

}  // namespace cc::sim
