#include "gateway_sim/story/parts.h"

namespace cc::sim {
namespace {

Event targeted(Event event) {
  event.targeted = true;
  return event;
}

void write_content(JsonWriter& json, std::string_view text) {
  json.key("content").begin_array().begin_object();
  json.field("type", "text").field("text", text).end_object().end_array();
}

/// `"message"` of the chat events: the whole text so far.
void write_answer(JsonWriter& json, const Run& run, TimeMs now) {
  json.key("message").begin_object().field("role", "assistant");
  write_content(json, run.text);
  json.field("timestamp", now).end_object();
}

}  // namespace

Event later(Event event, Millis delay, const Run& run) {
  event.delay = delay;
  event.session_key = run.session_key;
  event.run_id = run.id;
  return event;
}

RowStyle StoryParts::style(TimeMs now, bool runs_unknown) const {
  return RowStyle{.now = now, .slim = slim_, .runs_unknown = runs_unknown};
}

Event StoryParts::agent(const Scene& scene, std::string_view stream, std::int64_t seq,
                        const Write& data) const {
  return make_event("agent", Audience::kReaders, [&](JsonWriter& json) {
    json.field("runId", scene.run.id).field("stream", stream).key("data").begin_object();
    data(json);
    json.end_object().field("sessionKey", scene.run.session_key);
    if (protocol_ == Protocol::kV4) json.field("agentId", scene.run.agent_id);
    json.field("seq", seq).field("ts", scene.now);
    if (protocol_ == Protocol::kV4) json.field("isHeartbeat", false);
  });
}

Event StoryParts::started(const Scene& scene, std::int64_t seq) const {
  return agent(scene, "lifecycle", seq, [&](JsonWriter& json) {
    json.field("phase", "start").field("startedAt", scene.run.started_at);
  });
}

Event StoryParts::cancelled(const Scene& scene) const {
  return agent(scene, "lifecycle", scene.run.seq + 2, [&](JsonWriter& json) {
    json.field("phase", "end").field("status", "cancelled").field("aborted", true);
    json.field("stopReason", "rpc").field("startedAt", scene.run.started_at);
    json.field("endedAt", scene.now);
  });
}

Event StoryParts::assistant(const Scene& scene, std::string_view delta) const {
  Event event = agent(scene, "assistant", scene.run.seq, [&](JsonWriter& json) {
    json.field("text", scene.run.text).field("delta", delta);
    if (protocol_ == Protocol::kV4) json.field("itemId", scene.run.item_id);
  });
  event.droppable = true;
  return event;
}

Event StoryParts::chat(const Scene& scene, std::string_view state, std::int64_t seq,
                       const Write& rest) const {
  return make_event("chat", Audience::kReaders, [&](JsonWriter& json) {
    json.field("runId", scene.run.id).field("sessionKey", scene.run.session_key);
    if (protocol_ == Protocol::kV4) json.field("agentId", scene.run.agent_id);
    json.field("seq", seq).field("state", state);
    rest(json);
  });
}

Event StoryParts::chat_delta(const Scene& scene, std::string_view delta) const {
  Event event = chat(scene, "delta", scene.run.seq, [&](JsonWriter& json) {
    if (protocol_ == Protocol::kV4) json.field("deltaText", delta);
    write_answer(json, scene.run, scene.now);
  });
  event.droppable = true;
  return event;
}

Event StoryParts::chat_final(const Scene& scene) const {
  return chat(scene, "final", scene.run.seq + 1, [&](JsonWriter& json) {
    if (protocol_ == Protocol::kV4) json.field("stopReason", "stop");
    write_answer(json, scene.run, scene.now);
  });
}

Event StoryParts::chat_error(const Scene& scene) const {
  return chat(scene, "error", scene.run.seq + 1, [&](JsonWriter& json) {
    json.field("errorMessage", scene.after.last_error);
    if (protocol_ == Protocol::kV3) return;
    json.key("errorDetail").begin_object().field("provider", scene.after.provider);
    json.field("model", scene.after.model).field("failoverReason", "format").end_object();
  });
}

Event StoryParts::chat_aborted(const Scene& scene) const {
  return chat(scene, "aborted", scene.run.seq + 1, [&](JsonWriter& json) {
    json.field("stopReason", "rpc");
    if (!scene.run.text.empty()) write_answer(json, scene.run, scene.now);
  });
}

Event StoryParts::phase(const Session& shown, const Run* run, std::string_view name, TimeMs now,
                        bool runs_unknown) const {
  return targeted(make_event("sessions.changed", Audience::kSubscribers, [&](JsonWriter& json) {
    json.field("sessionKey", shown.key);
    if (protocol_ == Protocol::kV4) json.field("agentId", shown.agent_id);
    json.field("phase", name);
    if (run != nullptr) json.field("runId", run->id);
    json.field("ts", now).key("session");
    write_session(json, shown, protocol_, style(now, runs_unknown));
    write_flat(json, shown, protocol_, style(now, runs_unknown));
  }));
}

Event StoryParts::reason(const Session& shown, std::string_view why, bool catalog_changed,
                         TimeMs now, bool runs_unknown) const {
  return targeted(make_event("sessions.changed", Audience::kSubscribers, [&](JsonWriter& json) {
    json.field("sessionKey", shown.key);
    if (protocol_ == Protocol::kV4) json.field("agentId", shown.agent_id);
    json.field("reason", why);
    if (catalog_changed && protocol_ == Protocol::kV4) json.field("catalogChanged", true);
    json.field("ts", now);
    if (protocol_ == Protocol::kV4) {
      json.key("session");
      write_session(json, shown, protocol_, style(now, runs_unknown));
    }
    write_flat(json, shown, protocol_, style(now, runs_unknown));
  }));
}

Event StoryParts::message(const Scene& scene, const Session& shown, std::string_view role,
                          std::string_view text) const {
  return targeted(make_event("session.message", Audience::kSubscribers, [&](JsonWriter& json) {
    json.field("sessionKey", shown.key);
    if (protocol_ == Protocol::kV4)
      json.field("senderIsOwner", true).field("agentId", shown.agent_id);
    json.key("message").begin_object().field("role", role);
    write_content(json, text);
    json.field("timestamp", scene.now).end_object();
    json.field("messageId", scene.run.id + ':' + std::string(role))
        .field("messageSeq", scene.run.pieces + 1);
    json.key("session");
    write_session(json, shown, protocol_, style(scene.now, true));
    write_flat(json, shown, protocol_, style(scene.now, true));
  }));
}

Event StoryParts::approval_requested(const Approval& approval) const {
  return make_event("exec.approval.requested", Audience::kApprovers, [&](JsonWriter& json) {
    if (protocol_ == Protocol::kV4) json.field("approvalKind", "exec");
    json.field("id", approval.id).key("request");
    write_approval_request(json, approval, protocol_);
    json.field("createdAtMs", approval.created_at).field("expiresAtMs", approval.expires_at);
  });
}

Event StoryParts::approval_resolved(const Approval& approval, std::string_view decision,
                                    std::string_view by, TimeMs now) const {
  return make_event("exec.approval.resolved", Audience::kApprovers, [&](JsonWriter& json) {
    json.field("id", approval.id).field("decision", decision);
    text_or_null(json, "resolvedBy", by);
    json.field("ts", now).key("request");
    write_approval_request(json, approval, protocol_);
  });
}

}  // namespace cc::sim
