#pragma once
// Bytes as text: hexadecimal, and base64url without padding (RFC 4648, section 5). One text stands
// for one sequence of bytes: a decoder takes exactly what its encoder makes.

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cc {

/// Two lower-case digits a byte.
[[nodiscard]] std::string to_hex(std::span<const unsigned char> bytes);
void append_hex(std::string& out, unsigned char byte);
/// nullopt for upper case, an odd number of digits, or anything that is no digit.
[[nodiscard]] std::optional<std::string> from_hex(std::string_view text);

[[nodiscard]] std::string to_base64url(std::span<const unsigned char> bytes);
[[nodiscard]] std::string to_base64url(std::string_view bytes);
/// nullopt for padding, letters of other alphabets, or bits left over that are not zero.
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);

}  // namespace cc
