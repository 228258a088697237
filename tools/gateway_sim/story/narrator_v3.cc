#include "gateway_sim/story/narrator.h"

namespace cc::sim {
namespace {

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

/// An aborted run is shown as timed out until the abort has settled.
Session as_timed_out(const Scene& scene) {
  Session shown = with_old_usage(scene);
  shown.status = RunStatus::kTimeout;
  shown.aborted = false;
  return shown;
}

/// Once the grace is over.
Session as_failed(const Scene& scene) {
  Session shown = with_old_usage(scene);
  shown.failing_until = 0;
  return shown;
}

class NarratorV3 final : public Narrator {
 public:
  explicit NarratorV3(NarratorOptions options)
      : Narrator({Protocol::kV3, options.slim_rows}, options.error_grace) {}

  [[nodiscard]] Story message_accepted(const Scene& scene,
                                       std::string_view message) const override {
    return told(parts().message(scene, scene.before, "user", message), old_row(scene));
  }

  [[nodiscard]] Story run_started(const Scene& scene, std::string_view message) const override {
    return told(parts().started(scene, 1),
                parts().phase(scene.after, &scene.run, "start", scene.now),
                parts().message(scene, scene.before, "user", message), old_row(scene));
  }

  [[nodiscard]] Story run_done(const Scene& scene) const override {
    return told(parts().message(scene, scene.before, "assistant", scene.run.text), old_row(scene),
                ended(scene), parts().chat_final(scene),
                parts().phase(with_old_usage(scene), &scene.run, "end", scene.now));
  }

  [[nodiscard]] Story run_failed(const Scene& scene) const override {
    Event row = parts().phase(as_failed(scene), &scene.run, "error", scene.now);
    return told(failed(scene), later(parts().chat_error(scene), error_grace(), scene.run),
                later(std::move(row), error_grace(), scene.run));
  }

  [[nodiscard]] Story run_aborted(const Scene& scene) const override {
    Event row = parts().phase(with_old_usage(scene), &scene.run, "end", scene.now);
    return told(parts().chat_aborted(scene), parts().cancelled(scene),
                parts().phase(as_timed_out(scene), &scene.run, "end", scene.now), old_row(scene),
                later(abort_settled(scene), kAbortSettles, scene.run),
                later(std::move(row), kAbortSettles, scene.run));
  }

  /// The asking run is over; what comes of it is a new run.
  [[nodiscard]] Story approval_asked(const Scene& scene, const Approval& approval) const override {
    Story story = told(parts().approval_requested(approval), asked(scene, approval));
    append(story, run_done(scene));
    return story;
  }

  [[nodiscard]] Story approval_resolved(const Scene& scene, const Approval& approval,
                                        std::string_view decision,
                                        std::string_view by) const override {
    if (by.empty()) return {};
    return told(parts().approval_resolved(approval, decision, by, scene.now));
  }

  [[nodiscard]] Story session_deleted(const Session& session, TimeMs now) const override {
    return told(plain_change(session.key, "delete", now));
  }

  [[nodiscard]] Story agents_changed(std::string_view /*config_hash*/,
                                     TimeMs /*now*/) const override {
    return {};
  }

  [[nodiscard]] Story stopping(const std::string& restart_expected_ms) const override {
    return told(make_event("shutdown", Audience::kAll, [&](JsonWriter& json) {
      json.field("reason", "gateway stopping").key("restartExpectedMs");
      json.raw(restart_expected_ms.empty() ? "null" : restart_expected_ms);
    }));
  }

 private:
  [[nodiscard]] Event old_row(const Scene& scene) const {
    return parts().phase(scene.before, nullptr, "message", scene.now);
  }

  [[nodiscard]] Event ended(const Scene& scene) const {
    return parts().agent(scene, "lifecycle", scene.run.seq + 1, [&](JsonWriter& json) {
      json.field("phase", "end").field("livenessState", "working").field("endedAt", scene.now);
    });
  }

  [[nodiscard]] Event failed(const Scene& scene) const {
    return parts().agent(scene, "lifecycle", scene.run.seq + 1, [&](JsonWriter& json) {
      json.field("phase", "error").field("error", scene.after.last_error);
      json.field("livenessState", "blocked").field("endedAt", scene.now);
    });
  }

  [[nodiscard]] Event abort_settled(const Scene& scene) const {
    return parts().agent(scene, "lifecycle", 1, [&](JsonWriter& json) {
      json.field("phase", "end").field("endedAt", scene.now);
      json.field("aborted", true).field("stopReason", "aborted");
      json.field("livenessState", "working");
    });
  }

  [[nodiscard]] Event asked(const Scene& scene, const Approval& approval) const {
    return parts().agent(scene, "approval", scene.run.seq, [&](JsonWriter& json) {
      json.field("phase", "requested").field("kind", "exec").field("status", "pending");
      json.field("title", "Command approval requested").field("toolCallId", approval.tool_call_id);
      json.field("approvalId", approval.id).field("command", approval.command);
      json.field("host", "gateway");
    });
  }
};

}  // namespace

std::unique_ptr<Narrator> make_narrator_v3(NarratorOptions options) {
  return std::make_unique<NarratorV3>(options);
}

}  // namespace cc::sim
