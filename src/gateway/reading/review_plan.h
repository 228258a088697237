#pragma once
// When the lists of a gateway are read again although nothing asked for it: rows may have left, or
// changed, without an event that reached us.

#include <algorithm>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "gateway/timing.h"

namespace cc::gateway {

/// Pure: time is handed in. Once after each time of activity, when it is quiet, and sparsely in any
/// case. Never for more than a small part of the gateway's time.
class ReviewPlan {
 public:
  explicit ReviewPlan(const Timing& timing) : timing_(timing) {}

  /// All was read, which took so long.
  void reviewed(SteadyTime now, Millis took) {
    reviewed_at_ = now;
    took_ = took;
    moved_at_.reset();
  }
  /// Something of the fleet was told by an event. True for the first since all was read: `due` may
  /// be earlier now.
  bool moved(SteadyTime now) { return !std::exchange(moved_at_, now); }

  /// Empty before everything was read for the first time.
  [[nodiscard]] std::optional<SteadyTime> due() const {
    if (!reviewed_at_) return std::nullopt;
    const SteadyTime sparse = *reviewed_at_ + std::max(timing_.review_apart, took_ * kSparseShare);
    if (!moved_at_) return sparse;
    const SteadyTime quiet = *moved_at_ + timing_.review_after_quiet;
    return std::min(sparse, std::max(quiet, *reviewed_at_ + took_ * kQuietShare));
  }

 private:
  // One part of so many of the gateway's time.
  static constexpr int kQuietShare = 20;
  static constexpr int kSparseShare = 1000;

  const Timing timing_;
  std::optional<SteadyTime> reviewed_at_;
  std::optional<SteadyTime> moved_at_;
  Millis took_{0};
};

}  // namespace cc::gateway
