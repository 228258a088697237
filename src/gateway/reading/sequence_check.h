#pragma once
// Detects missing events of a connection by their numbers.

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace cc::gateway {

/// Numbers start at 1 after hello-ok. Events without a number (protocol 3 has some) are not
/// checked.
class SequenceCheck {
 public:
  /// A sentence if this number does not follow the last. Counting goes on from it.
  [[nodiscard]] std::optional<std::string> accept(std::optional<std::int64_t> seq) {
    if (!seq) return std::nullopt;
    const std::int64_t expected = next_;
    // What nobody can count to is not counted on from.
    next_ = *seq < std::numeric_limits<std::int64_t>::max() ? *seq + 1 : 1;
    if (*seq == expected) return std::nullopt;
    return "Events of the gateway went missing: number " + std::to_string(expected) +
           " was expected, " + std::to_string(*seq) + " came.";
  }

 private:
  std::int64_t next_ = 1;
};

}  // namespace cc::gateway
