#pragma once
// Keeps a rate, and says how far it is behind. Pure arithmetic on times that it is given.

#include <cstdint>

#include "base/clock.h"

namespace cc::sim {

class Pace {
 public:
  void set_rate(double events_per_second, SteadyTime now);
  [[nodiscard]] double rate() const { return rate_; }
  /// How many events should have been made by now, and were not.
  [[nodiscard]] std::uint64_t due(SteadyTime now) const;
  void made(std::uint64_t events) { made_ += events; }

 private:
  double rate_ = 0;
  SteadyTime since_{};
  std::uint64_t made_ = 0;
};

}  // namespace cc::sim
