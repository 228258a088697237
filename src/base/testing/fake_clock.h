#pragma once
// A clock that a test turns by hand.

#include <atomic>

#include "base/clock.h"

namespace cc {

class FakeClock final : public Clock {
 public:
  explicit FakeClock(TimeMs start = 1'795'000'000'000) : start_(start) {}

  [[nodiscard]] TimeMs wall() const override { return start_ + elapsed_.load() + set_.load(); }
  [[nodiscard]] SteadyTime steady() const override { return SteadyTime(Millis(elapsed_.load())); }
  void advance(Millis by) { elapsed_ += by.count(); }
  /// Only the wall clock: somebody sets it.
  void jump(Millis by) { set_ += by.count(); }

 private:
  const TimeMs start_;
  std::atomic<std::int64_t> elapsed_{0};
  std::atomic<std::int64_t> set_{0};
};

}  // namespace cc
