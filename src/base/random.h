#pragma once
// Random bytes from the operating system, fit for keys and tokens.

#include <array>
#include <cstddef>
#include <span>

namespace cc {

/// Fills `out`; throws std::system_error where the system has no randomness to give (a bug of the
/// machine).
void fill_random(std::span<unsigned char> out);

template <std::size_t N>
[[nodiscard]] std::array<unsigned char, N> random_bytes() {
  std::array<unsigned char, N> bytes{};
  fill_random(bytes);
  return bytes;
}

}  // namespace cc
