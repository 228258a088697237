#pragma once
// Time as an interface. Everything that waits or records times gets a Clock, so that tests control
// time.

#include <chrono>
#include <cstdint>

namespace cc {

/// Milliseconds since the Unix epoch, UTC. What is stored, sent and shown.
using TimeMs = std::int64_t;

using Millis = std::chrono::milliseconds;
using SteadyTime = std::chrono::steady_clock::time_point;

/// Thread-safe. `wall` may jump with the machine's clock; `steady` never goes back.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual TimeMs wall() const = 0;
  [[nodiscard]] virtual SteadyTime steady() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] TimeMs wall() const override {
    return std::chrono::duration_cast<Millis>(std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
  [[nodiscard]] SteadyTime steady() const override { return std::chrono::steady_clock::now(); }
};

}  // namespace cc
