#pragma once
// Makes untrusted text harmless. What a gateway or an agent says passes through here before it
// becomes a field.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cc {

inline constexpr std::size_t kMaxTextBytes = 4096;
inline constexpr std::size_t kMaxIdentityBytes = 512;

/// A copy with invalid UTF-8 replaced by U+FFFD and control characters (C0, DEL, C1, and the line
/// and paragraph separators) removed, cut at `limit` bytes on a character's border.
[[nodiscard]] std::string clean_text(std::string_view text, std::size_t limit = kMaxTextBytes);

[[nodiscard]] inline std::optional<std::string> unless_empty(std::string text) {
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

/// The beginning of valid UTF-8: at most `limit` bytes, on a character's border.
[[nodiscard]] std::string_view cut_text(std::string_view text, std::size_t limit);

/// Whether `text` can identify a row as it stands: 1 to 512 bytes of valid UTF-8 without control
/// characters. An identity is rejected rather than repaired, so that two never become one.
[[nodiscard]] bool is_identity(std::string_view text);

/// Whether `text` is printable ASCII throughout, as nearly all text is: then it is clean as it
/// stands.
[[nodiscard]] bool is_plain_ascii(std::string_view text);

/// Whether all of `text` is valid UTF-8 (no surrogates, no overlong forms, nothing above U+10FFFF).
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace cc
