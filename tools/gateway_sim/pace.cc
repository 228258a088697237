#include "gateway_sim/pace.h"

#include <algorithm>

namespace cc::sim {

void Pace::set_rate(double events_per_second, SteadyTime now) {
  rate_ = std::max(0.0, events_per_second);
  since_ = now;
  made_ = 0;
}

std::uint64_t Pace::due(SteadyTime now) const {
  const double seconds = std::chrono::duration<double>(now - since_).count();
  const auto owed = static_cast<std::uint64_t>(std::max(0.0, seconds * rate_));
  return owed > made_ ? owed - made_ : 0;
}

}  // namespace cc::sim
