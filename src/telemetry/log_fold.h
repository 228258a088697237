#pragma once
// Counts warnings that repeat instead of writing each one, so that a flood of them costs neither
// time nor the lines before it.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace cc::telemetry {

/// Pure. Not thread-safe. Memory is bounded.
class LogFold {
 public:
  static constexpr Millis kWindow{60'000};
  /// Told apart in a window; the rest is counted without `whose`.
  static constexpr std::size_t kMaxApart = 60;

  struct Counted {
    std::string message;
    std::string whose;  // empty: several
    std::uint64_t times = 0;
  };

  /// Whether it is to be written now; if not, it is counted.
  [[nodiscard]] bool passes(std::string_view message, std::string_view whose, SteadyTime now);
  /// What was counted in the window, once that is over.
  [[nodiscard]] std::vector<Counted> take_due(SteadyTime now);
  [[nodiscard]] std::vector<Counted> take_all();

 private:
  using Key = std::pair<std::string, std::string>;  // message, whose
  std::map<Key, std::uint64_t> counted_;            // those that were not written
  SteadyTime began_{};
};

}  // namespace cc::telemetry
