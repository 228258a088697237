#pragma once
// How much is kept of one gateway, and how much may be: so that no gateway can take the memory that
// all share.

#include <cstddef>

namespace cc::fleet {

/// In memory, without a connection's own buffers.
struct Usage {
  std::size_t rows = 0;       // of all kinds but its own
  std::size_t bytes = 0;      // of these, about
  std::size_t run_bytes = 0;  // of what is known of runs, about

  /// Whether rows take more than so many eighths of what they may.
  [[nodiscard]] bool exceeds(std::size_t eighths) const;
  [[nodiscard]] bool has_too_many_runs() const;
};

/// What one gateway may take.
inline constexpr Usage kMostOfOneGateway{
    .rows = 200'000, .bytes = 64U << 20U, .run_bytes = 8U << 20U};

// Above 8 eighths, rows leave until there are 7. Above 7, a list brings no new row in which nothing
// goes on and that is older than all others: it would leave again. Below 6, there is room.
inline constexpr std::size_t kTooMuch = 8;
inline constexpr std::size_t kNoRoom = 7;
inline constexpr std::size_t kSomeRoom = 6;

inline bool Usage::exceeds(std::size_t eighths) const {
  return rows * 8 > kMostOfOneGateway.rows * eighths ||
         bytes * 8 > kMostOfOneGateway.bytes * eighths;
}

inline bool Usage::has_too_many_runs() const {
  return run_bytes > kMostOfOneGateway.run_bytes;
}

}  // namespace cc::fleet
