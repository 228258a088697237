#pragma once
// Numbers in texts.

#include <charconv>
#include <optional>
#include <string_view>

namespace cc {

/// The number that `text` is from its first byte to its last, in decimal. Empty where it is none,
/// or too large.
template <class Number>
[[nodiscard]] std::optional<Number> number_in(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace cc
