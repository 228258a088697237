// Messages to a session, and the end of what they started.
#include <algorithm>

#include "gateway_sim/calls/subjects.h"
#include "gateway_sim/json.h"

namespace cc::sim {
namespace {

using enum Kind;
using enum Need;

Answer run_answer(const std::string& run, std::string_view status) {
  return object_of(std::pair{"runId", run}, std::pair{"status", status});
}

Answer begin_run(const Call& call, Session& session) {
  const std::string id = text_of(call.params, "idempotencyKey");
  const std::string message = text_of(call.params, "message");
  if (!call.gateway.hear(session.key, {.key = id, .text = message, .at = call.gateway.now()})) {
    const bool runs = call.gateway.world().runs().find(id) != nullptr;
    return run_answer(id, runs ? "in_flight" : "ok");
  }
  if (!session.active_run.empty()) return run_answer(session.active_run, "started");
  return run_answer(call.gateway.play(session, id, message, true, {}), "started");
}

Answer send(const Call& call) {
  Session* session = call.gateway.world().sessions().find(text_of(call.params, "key"));
  if (session == nullptr) return refused("session not found");
  return begin_run(call, *session);
}

Answer chat_send(const Call& call) {
  World& world = call.gateway.world();
  const std::string key = text_of(call.params, "sessionKey");
  return begin_run(call, world.create_session(world.agent_in(key), key, {}, call.gateway.now()));
}

void write_message(JsonWriter& json, const Said& said, std::int64_t number, Protocol protocol) {
  json.begin_object().field("role", "user");
  if (protocol == Protocol::kV4) {
    json.field("content", said.text).field("idempotencyKey", said.key + ":user");
  } else {
    json.key("content").begin_array().begin_object();
    json.field("type", "text").field("text", said.text).end_object().end_array();
  }
  json.field("timestamp", said.at).key("__openclaw").begin_object();
  json.field("id", "m" + std::to_string(number)).field("seq", number).end_object().end_object();
}

/// Only what was sent to it: the simulated agents keep nothing of what they say.
Answer history(const Call& call) {
  const std::string key = text_of(call.params, "sessionKey");
  const auto all = call.gateway.heard_in(key);
  const auto limit = static_cast<std::size_t>(maybe_integer(call.params, "limit").value_or(200));
  const std::size_t first = all.size() - std::min(all.size(), limit);
  return object_with([&](JsonWriter& json) {
    json.field("sessionKey", key).key("messages").begin_array();
    for (std::size_t i = first; i < all.size(); ++i) {
      write_message(json, all[i], static_cast<std::int64_t>(i + 1), call.gateway.protocol());
    }
    json.end_array();
  });
}

/// The id of the run that was ended; empty if none ran.
std::string end_run(Gateway& gateway, const Session* session) {
  Run* run = session == nullptr ? nullptr : gateway.world().runs().find(session->active_run);
  if (run == nullptr) return {};
  const std::string id = run->id;
  gateway.publish(gateway.director().finish_run(*run, Outcome::kKilled, gateway.now()));
  return id;
}

/// A run that is named says more than a session.
const Session* session_to_end(const Call& call) {
  World& world = call.gateway.world();
  const Run* run = world.runs().find(text_of(call.params, "runId"));
  return world.sessions().find(run != nullptr ? run->session_key : text_of(call.params, "key"));
}

Answer abort(const Call& call) {
  const std::string id = end_run(call.gateway, session_to_end(call));
  return object_with([&](JsonWriter& json) {
    json.field("ok", true);
    text_or_null(json, "abortedRunId", id);
    json.field("status", id.empty() ? "no-active-run" : "aborted");
  });
}

Answer chat_abort(const Call& call) {
  const std::string key = text_of(call.params, "sessionKey");
  const std::string id = end_run(call.gateway, call.gateway.world().sessions().find(key));
  return object_with([&](JsonWriter& json) {
    json.field("ok", true).field("aborted", !id.empty()).key("runIds").begin_array();
    if (!id.empty()) json.value(id);
    json.end_array();
  });
}

constexpr std::array kSend{
    Member{"key", kString, kRequired}, Member{"message", kString, kRequired},
    Member{"idempotencyKey", kString}, Member{"thinking", kString},
    Member{"timeoutMs", kInteger},
};
constexpr std::array kAbort{
    Member{"key", kString},
    Member{"runId", kString},
};
constexpr std::array kChatSend{
    Member{"sessionKey", kString, kRequired},
    Member{"message", kString, kRequired},
    Member{"idempotencyKey", kString, kRequired},
    Member{"thinking", kString},
    Member{"timeoutMs", kInteger},
    Member{"queueMode", kString, kOnlyV4},
};
constexpr std::array kChatAbort{
    Member{"sessionKey", kString, kRequired},
    Member{"runId", kString},
};

constexpr std::array kHistory{
    Member{"sessionKey", kString, kRequired},
    Member{"limit", kInteger},
    Member{"maxChars", kInteger},
    Member{"offset", kInteger, kOnlyV4},
};

constexpr std::array kMethods{
    Method{"chat.history", kRead, kHistory, history},
    Method{"sessions.send", kWrite, kSend, send},
    Method{"sessions.abort", kWrite, kAbort, abort},
    Method{"chat.send", kWrite, kChatSend, chat_send},
    Method{"chat.abort", kWrite, kChatAbort, chat_abort},
};

}  // namespace

Methods message_methods() {
  return kMethods;
}

}  // namespace cc::sim
