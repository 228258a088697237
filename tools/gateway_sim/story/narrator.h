#pragma once
// What a gateway tells while something happens: the events of one protocol, in the order in which
// real gateways were seen to send them. Pure: the world was changed before, nothing is sent here.

#include <memory>
#include <string_view>

#include "gateway_sim/story/event.h"
#include "gateway_sim/world/model.h"

namespace cc::sim {

/// A session before and after the step, and the run that made it.
struct Scene {
  const Session& before;
  const Session& after;
  const Run& run;
  TimeMs now;
};

struct NarratorOptions {
  bool slim_rows = false;
  /// How long protocol 3 waits for a retry before it calls an error final.
  Millis error_grace{15'000};
};

class Narrator {
 public:
  virtual ~Narrator() = default;

  [[nodiscard]] virtual Protocol protocol() const = 0;
  /// How long a failed run is shown as running.
  [[nodiscard]] virtual Millis error_grace() const = 0;

  /// A message was accepted for the session; its run starts later.
  [[nodiscard]] virtual Story message_accepted(const Scene& scene,
                                               std::string_view message) const = 0;
  [[nodiscard]] virtual Story run_started(const Scene& scene, std::string_view message) const = 0;
  [[nodiscard]] virtual Story run_advanced(const Scene& scene, std::string_view delta) const = 0;
  [[nodiscard]] virtual Story run_done(const Scene& scene) const = 0;
  /// Ended `failed` or `timeout`, as `after` says.
  [[nodiscard]] virtual Story run_failed(const Scene& scene) const = 0;
  [[nodiscard]] virtual Story run_aborted(const Scene& scene) const = 0;
  [[nodiscard]] virtual Story approval_asked(const Scene& scene,
                                             const Approval& approval) const = 0;
  [[nodiscard]] virtual Story approval_resolved(const Scene& scene, const Approval& approval,
                                                std::string_view decision,
                                                std::string_view by) const = 0;

  /// `reason` is create, patch, reset or compact.
  [[nodiscard]] virtual Story session_changed(const Session& session, std::string_view reason,
                                              bool model_changed, TimeMs now) const = 0;
  [[nodiscard]] virtual Story session_deleted(const Session& session, TimeMs now) const = 0;
  [[nodiscard]] virtual Story agents_changed(std::string_view config_hash, TimeMs now) const = 0;
  /// Said before the connections are closed.
  [[nodiscard]] virtual Story stopping(const std::string& restart_expected_ms) const = 0;
};

[[nodiscard]] std::unique_ptr<Narrator> make_narrator(Protocol protocol, NarratorOptions options);

}  // namespace cc::sim
