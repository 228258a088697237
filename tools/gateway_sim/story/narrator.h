#pragma once
// What a gateway tells while something happens: the events of one protocol, in the order in which
// real gateways were seen to send them. Pure: the world was changed before, nothing is sent here.

#include <memory>
#include <string_view>

#include "gateway_sim/story/parts.h"

namespace cc::sim {

struct NarratorOptions {
  bool slim_rows = false;
  /// How long protocol 3 waits for a retry before it calls an error final.
  Millis error_grace{15'000};
};

class Narrator {
 public:
  virtual ~Narrator() = default;

  [[nodiscard]] Protocol protocol() const { return parts_.protocol(); }
  /// How long a failed run is shown as running.
  [[nodiscard]] Millis error_grace() const { return error_grace_; }

  [[nodiscard]] Story run_advanced(const Scene& scene, std::string_view delta) const;
  /// `reason` is create, patch, reset or compact.
  [[nodiscard]] Story session_changed(const Session& session, std::string_view reason,
                                      bool model_changed, TimeMs now) const;

  /// A message was accepted for the session; its run starts later.
  [[nodiscard]] virtual Story message_accepted(const Scene& scene,
                                               std::string_view message) const = 0;
  [[nodiscard]] virtual Story run_started(const Scene& scene, std::string_view message) const = 0;
  [[nodiscard]] virtual Story run_done(const Scene& scene) const = 0;
  /// Ended `failed` or `timeout`, as `after` says.
  [[nodiscard]] virtual Story run_failed(const Scene& scene) const = 0;
  [[nodiscard]] virtual Story run_aborted(const Scene& scene) const = 0;
  [[nodiscard]] virtual Story approval_asked(const Scene& scene,
                                             const Approval& approval) const = 0;
  [[nodiscard]] virtual Story approval_resolved(const Scene& scene, const Approval& approval,
                                                std::string_view decision,
                                                std::string_view by) const = 0;
  [[nodiscard]] virtual Story session_deleted(const Session& session, TimeMs now) const = 0;
  [[nodiscard]] virtual Story agents_changed(std::string_view config_hash, TimeMs now) const = 0;
  /// Said before the connections are closed.
  [[nodiscard]] virtual Story stopping(const std::string& restart_expected_ms) const = 0;

 protected:
  Narrator(const StoryParts& parts, Millis error_grace)
      : parts_(parts), error_grace_(error_grace) {}
  [[nodiscard]] const StoryParts& parts() const { return parts_; }

 private:
  const StoryParts parts_;
  const Millis error_grace_;
};

[[nodiscard]] std::unique_ptr<Narrator> make_narrator(Protocol protocol, NarratorOptions options);

/// Protocol 3: rows lie flat in many events, old rows come after new ones, tokens are those before
/// the run, and an error is final only after a grace.
[[nodiscard]] std::unique_ptr<Narrator> make_narrator_v3(NarratorOptions options);
/// Protocol 4: a row in every event of a session, several events for each step of a run, approvals
/// within the run.
[[nodiscard]] std::unique_ptr<Narrator> make_narrator_v4(NarratorOptions options);

}  // namespace cc::sim
