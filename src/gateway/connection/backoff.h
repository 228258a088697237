#pragma once
// How long to wait before the next try: doubling, capped, with jitter so that many clients of one
// gateway spread.

#include <cstdint>
#include <random>

#include "base/clock.h"

namespace cc::gateway {

/// Pure: the caller waits, and decides when a connection has proved good and `reset` is due.
class Backoff {
 public:
  /// Waits start at `first`, double up to `most`, and each is moved by up to a fifth either way.
  Backoff(Millis first, Millis most, std::uint64_t seed);

  [[nodiscard]] Millis next();
  void reset() { step_ = first_; }

 private:
  Millis first_;
  Millis most_;
  Millis step_;
  std::mt19937_64 random_;
};

/// `base` moved by up to `share` of it (0.2: a fifth) either way.
[[nodiscard]] Millis jittered(Millis base, double share, std::mt19937_64& random);

}  // namespace cc::gateway
