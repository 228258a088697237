#pragma once
#include "gateway_sim/story/parts.h"

namespace cc::sim {

/// Protocol 3: rows lie flat in many events, old rows come after new ones, tokens are those before
/// the run, and an error is final only after a grace.
class NarratorV3 final : public Narrator {
 public:
  explicit NarratorV3(NarratorOptions options)
      : options_(options), parts_(Protocol::kV3, options.slim_rows) {}

  [[nodiscard]] Protocol protocol() const override { return Protocol::kV3; }
  [[nodiscard]] Millis error_grace() const override { return options_.error_grace; }
  [[nodiscard]] Story message_accepted(const Scene& scene, std::string_view message) const override;
  [[nodiscard]] Story run_started(const Scene& scene, std::string_view message) const override;
  [[nodiscard]] Story run_advanced(const Scene& scene, std::string_view delta) const override;
  [[nodiscard]] Story run_done(const Scene& scene) const override;
  [[nodiscard]] Story run_failed(const Scene& scene) const override;
  [[nodiscard]] Story run_aborted(const Scene& scene) const override;
  [[nodiscard]] Story approval_asked(const Scene& scene, const Approval& approval) const override;
  [[nodiscard]] Story approval_resolved(const Scene& scene, const Approval& approval,
                                        std::string_view decision,
                                        std::string_view by) const override;
  [[nodiscard]] Story session_changed(const Session& session, std::string_view reason,
                                      bool model_changed, TimeMs now) const override;
  [[nodiscard]] Story session_deleted(const Session& session, TimeMs now) const override;
  [[nodiscard]] Story agents_changed(std::string_view config_hash, TimeMs now) const override;
  [[nodiscard]] Story stopping(const std::string& restart_expected_ms) const override;

 private:
  const NarratorOptions options_;
  const StoryParts parts_;
};

}  // namespace cc::sim
