#include "gateway_sim/story/narrator.h"

namespace cc::sim {
namespace {

constexpr Millis kConfigIsSeen{500};

Event delayed(Event event, Millis delay) {
  event.delay = delay;
  return event;
}

Event metadata_changed() {
  return make_event("chat.metadata.changed", Audience::kReaders, [](JsonWriter&) {});
}

Event config_changed(std::string_view hash, TimeMs at) {
  return make_event("config.changed", Audience::kReaders, [&](JsonWriter& json) {
    json.field("path", "/home/user/.openclaw/openclaw.json").field("hash", hash).field("ts", at);
  });
}

/// A deletion is told twice: of the session, and of no session.
Event deleted(const Session* session, TimeMs now) {
  Event event = make_event("sessions.changed", Audience::kSubscribers, [&](JsonWriter& json) {
    if (session != nullptr) {
      json.field("sessionKey", session->key).field("sessionId", session->session_id);
      json.field("agentId", session->agent_id);
    }
    json.field("reason", "delete").field("ts", now);
  });
  event.targeted = true;
  return event;
}

Session as_running(const Scene& scene) {
  Session shown = scene.before;
  shown.status = RunStatus::kRunning;
  shown.active_run = scene.run.id;
  return shown;
}

class NarratorV4 final : public Narrator {
 public:
  explicit NarratorV4(NarratorOptions options)
      : Narrator({Protocol::kV4, options.slim_rows}, Millis{0}) {}

  [[nodiscard]] Story message_accepted(const Scene& scene,
                                       std::string_view /*message*/) const override {
    const Session shown = as_running(scene);
    return told(parts().reason(shown, "send", false, scene.now),
                parts().reason(shown, "participants", false, scene.now, true));
  }

  [[nodiscard]] Story run_started(const Scene& scene, std::string_view message) const override {
    return told(
        chat_status(scene, 1, "preparing_context"), run_status(scene, 1, "preparing_context"),
        parts().message(scene, scene.after, "user", message), parts().started(scene, 3),
        chat_status(scene, 4, "starting_model"), run_status(scene, 4, "starting_model"),
        parts().reason(scene.after, "agent.run.started", false, scene.now, true),
        parts().phase(scene.after, &scene.run, "start", scene.now, true), model(scene, false),
        parts().phase(scene.after, &scene.run, "model", scene.now, true));
  }

  [[nodiscard]] Story run_done(const Scene& scene) const override {
    Story story =
        told(usage(scene), parts().message(scene, scene.before, "assistant", scene.run.text),
             model(scene, true), ended(scene), parts().chat_final(scene));
    append(story, ending(scene, "end"));
    return story;
  }

  [[nodiscard]] Story run_failed(const Scene& scene) const override {
    Story story = told(failed(scene, "finishing", false), model(scene, true),
                       failed(scene, "error", true), parts().chat_error(scene));
    append(story, ending(scene, "error"));
    return story;
  }

  [[nodiscard]] Story run_aborted(const Scene& scene) const override {
    const auto settled = [&](Event event) {
      return later(std::move(event), kAbortSettles, scene.run);
    };
    return told(parts().chat_aborted(scene), parts().cancelled(scene),
                parts().reason(scene.after, "agent.input.settled", false, scene.now),
                settled(model(scene, true)), settled(aborted(scene)),
                settled(parts().phase(scene.after, &scene.run, "error", scene.now)));
  }

  [[nodiscard]] Story approval_asked(const Scene& scene, const Approval& approval) const override {
    return told(parts().approval_requested(approval),
                approval_phase(scene, approval, "waiting-approval"));
  }

  [[nodiscard]] Story approval_resolved(const Scene& scene, const Approval& approval,
                                        std::string_view decision,
                                        std::string_view by) const override {
    return told(parts().approval_resolved(approval, decision, by, scene.now),
                approval_phase(scene, approval, "approval-resolved"));
  }

  [[nodiscard]] Story session_deleted(const Session& session, TimeMs now) const override {
    return told(deleted(&session, now), deleted(nullptr, now));
  }

  [[nodiscard]] Story agents_changed(std::string_view config_hash, TimeMs now) const override {
    return told(delayed(metadata_changed(), kConfigIsSeen),
                delayed(config_changed(config_hash, now + kConfigIsSeen.count()), kConfigIsSeen));
  }

  [[nodiscard]] Story stopping(const std::string& restart_expected_ms) const override {
    return told(make_event("shutdown", Audience::kAll, [&](JsonWriter& json) {
      json.field("reason", "gateway stopping");
      if (!restart_expected_ms.empty()) json.key("restartExpectedMs").raw(restart_expected_ms);
    }));
  }

 private:
  [[nodiscard]] Event chat_status(const Scene& scene, std::int64_t seq,
                                  std::string_view phase) const {
    return parts().chat(scene, "status", seq,
                        [&](JsonWriter& json) { json.field("phase", phase); });
  }

  [[nodiscard]] Event run_status(const Scene& scene, std::int64_t seq,
                                 std::string_view phase) const {
    return parts().agent(scene, "run_status", seq,
                         [&](JsonWriter& json) { json.field("phase", phase); });
  }

  [[nodiscard]] Event model(const Scene& scene, bool cleared) const {
    return parts().agent(scene, "lifecycle", scene.run.seq, [&](JsonWriter& json) {
      json.field("phase", "model");
      text_or_null(json, "provider", cleared ? "" : scene.after.provider);
      text_or_null(json, "model", cleared ? "" : scene.after.model);
    });
  }

  [[nodiscard]] Event usage(const Scene& scene) const {
    return parts().agent(scene, "usage", scene.run.seq + 1, [&](JsonWriter& json) {
      json.field("outputTokens", scene.after.usage ? scene.after.usage->output : 0);
    });
  }

  [[nodiscard]] Event ended(const Scene& scene) const {
    return parts().agent(scene, "lifecycle", scene.run.seq + 1, [&](JsonWriter& json) {
      json.field("stopReason", "stop").field("aborted", false).field("livenessState", "working");
      json.field("phase", "end").field("endedAt", scene.now);
      json.field("startedAt", scene.run.started_at);
    });
  }

  [[nodiscard]] Event failed(const Scene& scene, std::string_view phase, bool settled) const {
    return parts().agent(scene, "lifecycle", scene.run.seq + 1, [&](JsonWriter& json) {
      json.field("phase", phase).field("error", scene.after.last_error).field("aborted", false);
      json.field("livenessState", "blocked").field("endedAt", scene.now);
      if (settled) json.field("startedAt", scene.run.started_at).field("executionSettled", true);
    });
  }

  [[nodiscard]] Event aborted(const Scene& scene) const {
    return parts().agent(scene, "lifecycle", scene.run.seq + 3, [&](JsonWriter& json) {
      json.field("phase", "error").field("endedAt", scene.now);
      json.field("startedAt", scene.run.started_at).field("error", "This operation was aborted");
      json.field("aborted", true).field("stopReason", "aborted").field("executionSettled", true);
    });
  }

  [[nodiscard]] Story ending(const Scene& scene, std::string_view phase) const {
    return told(parts().reason(scene.after, "agent.input.settled", false, scene.now),
                parts().phase(scene.after, &scene.run, "model", scene.now),
                parts().phase(scene.after, &scene.run, phase, scene.now));
  }

  [[nodiscard]] Event approval_phase(const Scene& scene, const Approval& approval,
                                     std::string_view phase) const {
    return parts().agent(scene, "lifecycle", scene.run.seq, [&](JsonWriter& json) {
      json.field("phase", phase).field("approvalId", approval.id);
      json.field("toolCallId", approval.tool_call_id);
    });
  }
};

}  // namespace

std::unique_ptr<Narrator> make_narrator_v4(NarratorOptions options) {
  return std::make_unique<NarratorV4>(options);
}

}  // namespace cc::sim
