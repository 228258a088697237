#pragma once
// Checks eight bytes of text at once, in a 64-bit number. Nearly all text is plain, and checking it
// byte by byte costs more than copying it.

#include <cstdint>
#include <cstring>
#include <string_view>

namespace cc {

inline constexpr std::size_t kEightBytes = 8;

/// The eight bytes from `at` on, which must be there.
[[nodiscard]] inline std::uint64_t eight_bytes(std::string_view text, std::size_t at) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, text.data() + at, kEightBytes);
  return bytes;
}

/// `byte`, eight times.
[[nodiscard]] constexpr std::uint64_t eight_times(unsigned char byte) {
  return 0x0101010101010101U * byte;
}

/// Whether one of the bytes has its highest bit set.
[[nodiscard]] constexpr bool any_high(std::uint64_t bytes) {
  return (bytes & eight_times(0x80)) != 0;
}

/// Whether one of the bytes is below `limit`, which is at most 0x80.
[[nodiscard]] constexpr bool any_below(std::uint64_t bytes, unsigned char limit) {
  return any_high((bytes - eight_times(limit)) & ~bytes);
}

/// Whether one of the bytes is `byte`.
[[nodiscard]] constexpr bool any_is(std::uint64_t bytes, unsigned char byte) {
  return any_below(bytes ^ eight_times(byte), 1);
}

}  // namespace cc
