#pragma once
// Finds text that needs no JSON escapes, which is nearly all text.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/eight_bytes.h"

namespace cc {

/// What needs no escape in a JSON string. DEL needs none either, but is escaped all the same.
[[nodiscard]] constexpr bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte != '"' && byte != '\\' && byte != 0x7F;
}

/// The first place from `at` on that is not plain, or the end.
[[nodiscard]] inline std::size_t end_of_plain(std::string_view text, std::size_t at) {
  for (; at + kEightBytes <= text.size(); at += kEightBytes) {
    const std::uint64_t bytes = eight_bytes(text, at);
    if (any_below(bytes, 0x20) || any_is(bytes, '"') || any_is(bytes, '\\') || any_is(bytes, 0x7F))
      break;
  }
  while (at < text.size() && is_plain(text[at])) ++at;
  return at;
}

}  // namespace cc
