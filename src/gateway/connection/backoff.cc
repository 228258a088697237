#include "gateway/connection/backoff.h"

#include <algorithm>
#include <utility>

namespace cc::gateway {

Backoff::Backoff(Millis first, Millis most, std::uint64_t seed)
    : first_(first), most_(most), step_(first), random_(seed) {}

Millis Backoff::next() {
  const Millis base = std::exchange(step_, std::min(step_ * 2, most_));
  return jittered(base, 0.2, random_);
}

Millis jittered(Millis base, double share, std::mt19937_64& random) {
  std::uniform_real_distribution<double> factor(1.0 - share, 1.0 + share);
  return Millis(static_cast<Millis::rep>(static_cast<double>(base.count()) * factor(random)));
}

}  // namespace cc::gateway
