#pragma once
// The times that the journal goes by, on a machine whose clock may be wrong, or be set.

#include <optional>

#include "base/clock.h"

namespace cc::ingest {

/// How far the clock may be from where it should be before somebody is told.
inline constexpr Millis kClockTolerance = std::chrono::minutes(1);

/// One thread.
class JournalClock {
 public:
  /// `last_at`: of the newest entry; 0: there is none. `noted`: what `to_note` gave last. The clock
  /// must outlive it.
  JournalClock(const Clock& clock, TimeMs last_at, TimeMs noted = 0);

  /// For an entry that is committed now: the wall clock, but never before an earlier entry.
  [[nodiscard]] TimeMs stamp(TimeMs wall) const;
  void stamped(TimeMs at) { last_at_ = at; }

  /// The time by which entries become old. It follows the wall clock, but runs at most twice as
  /// fast as time itself and begins at the newest entry. So a clock that jumped ahead removes
  /// nothing at once, and one that is right after a pause catches up as long as the pause was.
  [[nodiscard]] TimeMs retention_now();

  /// What the next start must know before an entry is dated by a clock that is not believed yet:
  /// the date of the newest entry would make it believed. 0: that date will do. Empty: as noted.
  [[nodiscard]] std::optional<TimeMs> to_note();
  void noted(TimeMs age) { noted_ = age; }

  /// By how much the wall clock moved against the time that passed since the last call: it was set,
  /// or the machine slept. Empty within the tolerance.
  [[nodiscard]] std::optional<Millis> jump();

 private:
  const Clock& clock_;
  TimeMs last_at_;
  TimeMs trusted_;            // as far as retention believes the wall clock
  SteadyTime trusted_since_;  // when `trusted_` was set
  TimeMs noted_;
  TimeMs seen_wall_;  // at the last call of `jump`
  SteadyTime seen_steady_;
};

}  // namespace cc::ingest
