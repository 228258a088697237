#include "gateway_sim/story/narrator_v3.h"

namespace cc::sim {
namespace {

constexpr Millis kAbortSettles{80};

/// Goes out later, and only if nothing newer ran in the session.
Event later(Event event, Millis delay, const Run& run) {
  event.delay = delay;
  event.session_key = run.session_key;
  event.run_id = run.id;
  return event;
}

Event plain_change(std::string_view key, std::string_view reason, TimeMs now) {
  Event event = make_event("sessions.changed", Audience::kSubscribers, [&](JsonWriter& json) {
    json.field("sessionKey", key).field("reason", reason).field("ts", now);
  });
  event.targeted = true;
  return event;
}

/// The row as it was before the run, but for the time of the change: what protocol 3 still says of
/// tokens and cost.
Session with_old_usage(const Scene& scene) {
  Session shown = scene.after;
  shown.usage = scene.before.usage;
  return shown;
}

}  // namespace

Story NarratorV3::message_accepted(const Scene& scene, std::string_view message) const {
  Story story;
  story.push_back(parts_.message(scene, scene.before, "user", message));
  story.push_back(parts_.phase(scene.before, nullptr, "message", scene.now));
  return story;
}

Story NarratorV3::run_started(const Scene& scene, std::string_view message) const {
  Story story;
  story.push_back(parts_.agent(scene, "lifecycle", 1, [&](JsonWriter& json) {
    json.field("phase", "start").field("startedAt", scene.run.started_at);
  }));
  story.push_back(parts_.phase(scene.after, &scene.run, "start", scene.now));
  story.push_back(parts_.message(scene, scene.before, "user", message));
  story.push_back(parts_.phase(scene.before, nullptr, "message", scene.now));
  return story;
}

Story NarratorV3::run_advanced(const Scene& scene, std::string_view delta) const {
  Story story;
  story.push_back(parts_.assistant(scene, delta));
  story.push_back(parts_.chat_delta(scene, delta));
  return story;
}

Story NarratorV3::run_done(const Scene& scene) const {
  Story story;
  story.push_back(parts_.message(scene, scene.before, "assistant", scene.run.text));
  story.push_back(parts_.phase(scene.before, nullptr, "message", scene.now));
  story.push_back(parts_.agent(scene, "lifecycle", scene.run.seq + 1, [&](JsonWriter& json) {
    json.field("phase", "end").field("livenessState", "working").field("endedAt", scene.now);
  }));
  story.push_back(parts_.chat_final(scene));
  story.push_back(parts_.phase(with_old_usage(scene), &scene.run, "end", scene.now));
  return story;
}

Story NarratorV3::run_failed(const Scene& scene) const {
  Story story;
  story.push_back(parts_.agent(scene, "lifecycle", scene.run.seq + 1, [&](JsonWriter& json) {
    json.field("phase", "error").field("error", scene.after.last_error);
    json.field("livenessState", "blocked").field("endedAt", scene.now);
  }));
  Session shown = with_old_usage(scene);
  shown.failing_until = 0;
  story.push_back(later(parts_.chat_error(scene), options_.error_grace, scene.run));
  story.push_back(
      later(parts_.phase(shown, &scene.run, "error", scene.now), options_.error_grace, scene.run));
  return story;
}

Story NarratorV3::run_aborted(const Scene& scene) const {
  Story story;
  story.push_back(parts_.chat_aborted(scene));
  story.push_back(parts_.agent(scene, "lifecycle", scene.run.seq + 2, [&](JsonWriter& json) {
    json.field("phase", "end")
        .field("status", "cancelled")
        .field("aborted", true)
        .field("stopReason", "rpc");
    json.field("startedAt", scene.run.started_at).field("endedAt", scene.now);
  }));
  Session shown = with_old_usage(scene);
  shown.status = RunStatus::kTimeout;
  shown.aborted = false;
  story.push_back(parts_.phase(shown, &scene.run, "end", scene.now));
  story.push_back(parts_.phase(scene.before, nullptr, "message", scene.now));
  story.push_back(later(parts_.agent(scene, "lifecycle", 1,
                                     [&](JsonWriter& json) {
                                       json.field("phase", "end").field("endedAt", scene.now);
                                       json.field("aborted", true).field("stopReason", "aborted");
                                       json.field("livenessState", "working");
                                     }),
                        kAbortSettles, scene.run));
  story.push_back(later(parts_.phase(with_old_usage(scene), &scene.run, "end", scene.now),
                        kAbortSettles, scene.run));
  return story;
}

Story NarratorV3::approval_asked(const Scene& scene, const Approval& approval) const {
  Story story;
  story.push_back(parts_.approval_requested(approval));
  story.push_back(parts_.agent(scene, "approval", scene.run.seq, [&](JsonWriter& json) {
    json.field("phase", "requested").field("kind", "exec").field("status", "pending");
    json.field("title", "Command approval requested").field("toolCallId", approval.tool_call_id);
    json.field("approvalId", approval.id)
        .field("command", approval.command)
        .field("host", "gateway");
  }));
  append(story, run_done(scene));  // the asking run is over; what comes of it is a new run
  return story;
}

Story NarratorV3::approval_resolved(const Scene& scene, const Approval& approval,
                                    std::string_view decision, std::string_view by) const {
  Story story;
  if (!by.empty()) story.push_back(parts_.approval_resolved(approval, decision, by, scene.now));
  return story;
}

Story NarratorV3::session_changed(const Session& session, std::string_view reason,
                                  bool /*model_changed*/, TimeMs now) const {
  Story story;
  story.push_back(parts_.reason(session, reason, false, now));
  return story;
}

Story NarratorV3::session_deleted(const Session& session, TimeMs now) const {
  Story story;
  story.push_back(plain_change(session.key, "delete", now));
  return story;
}

Story NarratorV3::agents_changed(std::string_view /*config_hash*/, TimeMs /*now*/) const {
  return {};
}

Story NarratorV3::stopping(const std::string& restart_expected_ms) const {
  Story story;
  story.push_back(make_event("shutdown", Audience::kAll, [&](JsonWriter& json) {
    json.field("reason", "gateway stopping").key("restartExpectedMs");
    json.raw(restart_expected_ms.empty() ? "null" : restart_expected_ms);
  }));
  return story;
}

}  // namespace cc::sim
