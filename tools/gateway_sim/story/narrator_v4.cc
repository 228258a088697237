#include "gateway_sim/story/narrator_v4.h"

#include "gateway_sim/story/narrator_v3.h"

namespace cc::sim {
namespace {

constexpr Millis kConfigIsSeen{500};
constexpr Millis kAbortSettles{80};

Event delayed(Event event, Millis delay) {
  event.delay = delay;
  return event;
}

Event deleted(const std::string* key, const Session& session, TimeMs now) {
  Event event = make_event("sessions.changed", Audience::kSubscribers, [&](JsonWriter& json) {
    if (key != nullptr) {
      json.field("sessionKey", *key)
          .field("sessionId", session.session_id)
          .field("agentId", session.agent_id);
    }
    json.field("reason", "delete").field("ts", now);
  });
  event.targeted = true;
  return event;
}

}  // namespace

Event NarratorV4::run_status(const Scene& scene, std::int64_t seq, std::string_view phase) const {
  return parts_.agent(scene, "run_status", seq,
                      [&](JsonWriter& json) { json.field("phase", phase); });
}

Event NarratorV4::model(const Scene& scene, bool cleared) const {
  return parts_.agent(scene, "lifecycle", scene.run.seq, [&](JsonWriter& json) {
    json.field("phase", "model");
    if (cleared) {
      json.key("provider").null().key("model").null();
    } else {
      json.field("provider", scene.after.provider).field("model", scene.after.model);
    }
  });
}

Story NarratorV4::message_accepted(const Scene& scene, std::string_view /*message*/) const {
  Session shown = scene.before;
  shown.status = RunStatus::kRunning;
  shown.active_run = scene.run.id;
  Story story;
  story.push_back(parts_.reason(shown, "send", false, scene.now));
  story.push_back(parts_.reason(shown, "participants", false, scene.now, true));
  return story;
}

Story NarratorV4::run_started(const Scene& scene, std::string_view message) const {
  const auto status = [&](std::int64_t seq, std::string_view phase) {
    return parts_.chat(scene, "status", seq, [&](JsonWriter& json) { json.field("phase", phase); });
  };
  Story story;
  story.push_back(status(1, "preparing_context"));
  story.push_back(run_status(scene, 1, "preparing_context"));
  story.push_back(parts_.message(scene, scene.after, "user", message));
  story.push_back(parts_.agent(scene, "lifecycle", 3, [&](JsonWriter& json) {
    json.field("phase", "start").field("startedAt", scene.run.started_at);
  }));
  story.push_back(status(4, "starting_model"));
  story.push_back(run_status(scene, 4, "starting_model"));
  story.push_back(parts_.reason(scene.after, "agent.run.started", false, scene.now, true));
  story.push_back(parts_.phase(scene.after, &scene.run, "start", scene.now, true));
  story.push_back(model(scene, false));
  story.push_back(parts_.phase(scene.after, &scene.run, "model", scene.now, true));
  return story;
}

Story NarratorV4::run_advanced(const Scene& scene, std::string_view delta) const {
  Story story;
  story.push_back(parts_.assistant(scene, delta));
  story.push_back(parts_.chat_delta(scene, delta));
  return story;
}

void NarratorV4::append_ending(Story& story, const Scene& scene, std::string_view phase) const {
  story.push_back(parts_.reason(scene.after, "agent.input.settled", false, scene.now));
  story.push_back(parts_.phase(scene.after, &scene.run, "model", scene.now));
  story.push_back(parts_.phase(scene.after, &scene.run, phase, scene.now));
}

Story NarratorV4::run_done(const Scene& scene) const {
  Story story;
  story.push_back(parts_.agent(scene, "usage", scene.run.seq + 1, [&](JsonWriter& json) {
    json.field("outputTokens", scene.after.usage ? scene.after.usage->output : 0);
  }));
  story.push_back(parts_.message(scene, scene.before, "assistant", scene.run.text));
  story.push_back(model(scene, true));
  story.push_back(parts_.agent(scene, "lifecycle", scene.run.seq + 1, [&](JsonWriter& json) {
    json.field("stopReason", "stop").field("aborted", false).field("livenessState", "working");
    json.field("phase", "end").field("endedAt", scene.now).field("startedAt", scene.run.started_at);
  }));
  story.push_back(parts_.chat_final(scene));
  append_ending(story, scene, "end");
  return story;
}

Story NarratorV4::run_failed(const Scene& scene) const {
  const auto lifecycle = [&](std::string_view phase, bool settled) {
    return parts_.agent(scene, "lifecycle", scene.run.seq + 1, [&](JsonWriter& json) {
      json.field("phase", phase).field("error", scene.after.last_error).field("aborted", false);
      json.field("livenessState", "blocked").field("endedAt", scene.now);
      if (settled) json.field("startedAt", scene.run.started_at).field("executionSettled", true);
    });
  };
  Story story;
  story.push_back(lifecycle("finishing", false));
  story.push_back(model(scene, true));
  story.push_back(lifecycle("error", true));
  story.push_back(parts_.chat_error(scene));
  append_ending(story, scene, "error");
  return story;
}

Story NarratorV4::run_aborted(const Scene& scene) const {
  Story story;
  story.push_back(parts_.chat_aborted(scene));
  story.push_back(parts_.agent(scene, "lifecycle", scene.run.seq + 2, [&](JsonWriter& json) {
    json.field("phase", "end")
        .field("status", "cancelled")
        .field("aborted", true)
        .field("stopReason", "rpc");
    json.field("startedAt", scene.run.started_at).field("endedAt", scene.now);
  }));
  story.push_back(parts_.reason(scene.after, "agent.input.settled", false, scene.now));
  Story rest;
  rest.push_back(model(scene, true));
  rest.push_back(parts_.agent(scene, "lifecycle", scene.run.seq + 3, [&](JsonWriter& json) {
    json.field("phase", "error")
        .field("endedAt", scene.now)
        .field("startedAt", scene.run.started_at);
    json.field("error", "This operation was aborted")
        .field("aborted", true)
        .field("stopReason", "aborted");
    json.field("executionSettled", true);
  }));
  rest.push_back(parts_.phase(scene.after, &scene.run, "error", scene.now));
  for (Event& event : rest) {
    event = delayed(std::move(event), kAbortSettles);
    event.session_key = scene.run.session_key;
    event.run_id = scene.run.id;
  }
  append(story, std::move(rest));
  return story;
}

Story NarratorV4::approval_asked(const Scene& scene, const Approval& approval) const {
  Story story;
  story.push_back(parts_.approval_requested(approval));
  story.push_back(parts_.agent(scene, "lifecycle", scene.run.seq, [&](JsonWriter& json) {
    json.field("phase", "waiting-approval").field("approvalId", approval.id);
    json.field("toolCallId", approval.tool_call_id);
  }));
  return story;
}

Story NarratorV4::approval_resolved(const Scene& scene, const Approval& approval,
                                    std::string_view decision, std::string_view by) const {
  Story story;
  story.push_back(parts_.approval_resolved(approval, decision, by, scene.now));
  story.push_back(parts_.agent(scene, "lifecycle", scene.run.seq, [&](JsonWriter& json) {
    json.field("phase", "approval-resolved").field("approvalId", approval.id);
    json.field("toolCallId", approval.tool_call_id);
  }));
  return story;
}

Story NarratorV4::session_changed(const Session& session, std::string_view reason,
                                  bool model_changed, TimeMs now) const {
  Story story;
  story.push_back(parts_.reason(session, reason, model_changed, now));
  return story;
}

Story NarratorV4::session_deleted(const Session& session, TimeMs now) const {
  Story story;
  story.push_back(deleted(&session.key, session, now));
  story.push_back(deleted(nullptr, session, now));
  return story;
}

Story NarratorV4::agents_changed(std::string_view config_hash, TimeMs now) const {
  Story story;
  story.push_back(delayed(
      make_event("chat.metadata.changed", Audience::kReaders, [](JsonWriter&) {}), kConfigIsSeen));
  story.push_back(
      delayed(make_event("config.changed", Audience::kReaders,
                         [&](JsonWriter& json) {
                           json.field("path", "/home/user/.openclaw/openclaw.json");
                           json.field("hash", config_hash).field("ts", now + kConfigIsSeen.count());
                         }),
              kConfigIsSeen));
  return story;
}

Story NarratorV4::stopping(const std::string& restart_expected_ms) const {
  Story story;
  story.push_back(make_event("shutdown", Audience::kAll, [&](JsonWriter& json) {
    json.field("reason", "gateway stopping");
    if (!restart_expected_ms.empty()) json.key("restartExpectedMs").raw(restart_expected_ms);
  }));
  return story;
}

std::unique_ptr<Narrator> make_narrator(Protocol protocol, NarratorOptions options) {
  if (protocol == Protocol::kV3) return std::make_unique<NarratorV3>(options);
  return std::make_unique<NarratorV4>(options);
}

}  // namespace cc::sim
