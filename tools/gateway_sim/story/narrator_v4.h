#pragma once
#include "gateway_sim/story/parts.h"

namespace cc::sim {

/// Protocol 4: a row in every event of a session, several events for each step of a run, approvals
/// within the run.
class NarratorV4 final : public Narrator {
 public:
  explicit NarratorV4(NarratorOptions options) : parts_(Protocol::kV4, options.slim_rows) {}

  [[nodiscard]] Protocol protocol() const override { return Protocol::kV4; }
  [[nodiscard]] Millis error_grace() const override { return Millis{0}; }
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
  [[nodiscard]] Event run_status(const Scene& scene, std::int64_t seq,
                                 std::string_view phase) const;
  [[nodiscard]] Event model(const Scene& scene, bool cleared) const;
  void append_ending(Story& story, const Scene& scene, std::string_view phase) const;

  const StoryParts parts_;
};

}  // namespace cc::sim
