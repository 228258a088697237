// Sessions are made, patched, reset and deleted.
#include "gateway_sim/calls/patches.h"
#include "gateway_sim/calls/subjects.h"
#include "gateway_sim/json.h"

namespace cc::sim {
namespace {

using enum Kind;
using enum Need;

std::string entry_of(const Session& session) {
  return object_of(std::pair{"sessionId", session.session_id},
                   std::pair{"updatedAt", session.updated_at}, std::pair{"label", session.label});
}

std::string key_of_new(const Call& call, const std::string& agent) {
  std::string asked = text_of(call.params, "key");
  if (!asked.empty()) return asked;
  return "agent:" + agent + ':' + call.gateway.world().rng().uuid();
}

/// The message that comes with a new session starts a run in it.
bool begin_run(const Call& call, Session& session) {
  if (!call.params.contains("message") || !session.active_run.empty()) return false;
  call.gateway.play(session, {}, text_of(call.params, "message"), true, {});
  return true;
}

Answer create(const Call& call) {
  Gateway& gateway = call.gateway;
  const std::string agent =
      text_of(call.params, "agentId", gateway.world().agent_in(text_of(call.params, "key")));
  const std::string key = key_of_new(call, agent);
  gateway.publish(
      gateway.director().create_session(agent, key, text_of(call.params, "label"), gateway.now()));
  Session& session = *gateway.world().sessions().find(key);
  const bool started = begin_run(call, session);
  return object_with([&](JsonWriter& json) {
    json.field("ok", true).field("key", key).field("sessionId", session.session_id);
    json.key("entry").raw(entry_of(session)).field("runStarted", started);
  });
}

bool is_label_of_another(const World& world, const std::string& label, const std::string& key) {
  if (label.empty()) return false;
  for (const auto& other : world.sessions()) {
    if (other->label == label && other->key != key) return true;
  }
  return false;
}

std::string patched(const Session& session) {
  return object_with([&](JsonWriter& json) {
    json.field("ok", true).field("path", "(multiple)").field("key", session.key);
    json.key("entry").raw(entry_of(session)).key("resolved").begin_object();
    json.field("modelProvider", session.provider).field("model", session.model).end_object();
  });
}

/// The caller means another generation of the session than there is.
bool is_another(const Call& call) {
  const auto expected = maybe_text(call.params, "expectedSessionId");
  const auto* session = call.gateway.world().sessions().find(text_of(call.params, "key"));
  return expected && session != nullptr && session->session_id != *expected;
}

std::unexpected<Refusal> session_changed() {
  Refusal refusal = invalid_request("session changed");
  refusal.details = R"({"reason":"session-changed"})";
  return std::unexpected(refusal);
}

Answer patch(const Call& call) {
  if (is_another(call)) return session_changed();
  Gateway& gateway = call.gateway;
  World& world = gateway.world();
  const std::string key = text_of(call.params, "key");
  const SessionPatch patch = session_patch(call.params);
  const std::string label = patch.label.value_or("");
  if (is_label_of_another(world, label, key)) return refused("label already in use: " + label);
  // A real gateway makes the session where there is none, even for an agent that it does not know.
  Session& session = world.create_session(world.agent_in(key), key, label, gateway.now());
  gateway.publish(gateway.director().patch_session(session, patch, gateway.now()));
  return patched(session);
}

Answer reset(const Call& call) {
  if (is_another(call)) return session_changed();
  Gateway& gateway = call.gateway;
  const std::string key = text_of(call.params, "key");
  Session* session = gateway.world().sessions().find(key);
  if (session == nullptr) return refused("session not found: " + key);
  gateway.publish(gateway.director().reset_session(*session, gateway.now()));
  return object_with([&](JsonWriter& json) {
    json.field("ok", true).field("key", key).key("entry").raw(entry_of(*session));
  });
}

Answer remove(const Call& call) {
  if (is_another(call)) return session_changed();
  Gateway& gateway = call.gateway;
  const std::string key = text_of(call.params, "key");
  if (key == "agent:" + gateway.world().default_agent().id + ":main") {
    return refused("Cannot delete the main session (" + key + ").");
  }
  const bool held = gateway.world().sessions().find(key) != nullptr;
  gateway.publish(gateway.director().remove_session(key, gateway.now()));
  return object_with([&](JsonWriter& json) {
    json.field("ok", true).field("key", key).field("deleted", held).raw(R"("archived":[])");
  });
}

constexpr std::array kCreate{
    Member{"key", kString},
    Member{"agentId", kString},
    Member{"label", kString},
    Member{"model", kString},
    Member{"message", kString},
    Member{"task", kString},
    Member{"parentSessionKey", kString},
    Member{"idempotencyKey", kString, kOnlyV4},
};
constexpr std::array kPatch{
    Member{"key", kString, kRequired},
    Member{"label", kString},
    Member{"model", kString},
    Member{"thinkingLevel", kString},
    Member{"archived", kBool, kOnlyV4},
    Member{"pinned", kBool, kOnlyV4},
    Member{"expectedSessionId", kString, kOnlyV4},
};
constexpr std::array kReset{
    Member{"key", kString, kRequired},
    Member{"reason", kString},
    Member{"expectedSessionId", kString, kOnlyV4},
};
constexpr std::array kDelete{
    Member{"key", kString, kRequired},
    Member{"deleteTranscript", kBool},
    Member{"expectedSessionId", kString, kOnlyV4},
};

constexpr std::array kMethods{
    Method{"sessions.create", kWrite, kCreate, create},
    Method{"sessions.patch", kAdminThenWrite, kPatch, patch},
    Method{"sessions.reset", kAdmin, kReset, reset},
    Method{"sessions.delete", kAdmin, kDelete, remove},
};

}  // namespace

Methods session_change_methods() {
  return kMethods;
}

}  // namespace cc::sim
