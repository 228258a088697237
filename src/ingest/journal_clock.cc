#include "ingest/journal_clock.h"

#include <algorithm>

namespace cc::ingest {
namespace {

constexpr Millis kNoteStep{10'000};

Millis between(SteadyTime from, SteadyTime to) {
  return std::chrono::duration_cast<Millis>(to - from);
}

}  // namespace

JournalClock::JournalClock(const Clock& clock, TimeMs last_at, TimeMs noted)
    : clock_(clock),
      last_at_(last_at),
      trusted_(noted > 0     ? noted
               : last_at > 0 ? last_at
                             : clock.wall()),
      trusted_since_(clock.steady()),
      noted_(noted),
      seen_wall_(clock.wall()),
      seen_steady_(clock.steady()) {}

TimeMs JournalClock::stamp(TimeMs wall) const {
  return std::max(wall, last_at_);
}

TimeMs JournalClock::retention_now() {
  const auto now = clock_.steady();
  const auto wall = clock_.wall();
  const auto reach = trusted_ + 2 * between(trusted_since_, now).count();
  // A clock that fell back for a moment does not take back what was believed before.
  trusted_ = std::max(trusted_, std::min(wall, reach));
  trusted_since_ = now;
  return std::min(trusted_, wall);
}

std::optional<TimeMs> JournalClock::to_note() {
  const auto believed = retention_now();
  if (clock_.wall() - believed < kClockTolerance.count()) {
    return noted_ == 0 ? std::nullopt : std::optional<TimeMs>(0);
  }
  if (noted_ != 0 && believed - noted_ < kNoteStep.count()) return std::nullopt;
  return believed;
}

std::optional<Millis> JournalClock::jump() {
  const auto wall = clock_.wall();
  const auto steady = clock_.steady();
  const auto moved = Millis(wall - seen_wall_) - between(seen_steady_, steady);
  seen_wall_ = wall;
  seen_steady_ = steady;
  if (std::chrono::abs(moved) < kClockTolerance) return std::nullopt;
  return moved;
}

}  // namespace cc::ingest
