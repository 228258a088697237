#include "base/encoding.h"

#include <cstdint>

namespace cc {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The alphabet has 2^`Bits` letters. Bits left over must be fewer than a letter holds, and all
/// zero.
template <unsigned Bits>
std::optional<std::string> decode(std::string_view text, std::string_view alphabet) {
  std::string bytes;
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const std::size_t digit = alphabet.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    held = (held << Bits) | static_cast<std::uint32_t>(digit);
    bits += Bits;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>((held >> bits) & 0xFFU);
  }
  if (bits >= Bits || (held & ((1U << bits) - 1)) != 0) return std::nullopt;
  return bytes;
}

}  // namespace

void append_hex(std::string& out, unsigned char byte) {
  out += kHexDigits[byte >> 4U];
  out += kHexDigits[byte & 0xFU];
}

std::string to_hex(std::span<const unsigned char> bytes) {
  std::string text;
  text.reserve(2 * bytes.size());
  for (const unsigned char byte : bytes) append_hex(text, byte);
  return text;
}

std::optional<std::string> from_hex(std::string_view text) {
  return decode<4>(text, kHexDigits);
}

std::string to_base64url(std::span<const unsigned char> bytes) {
  std::string text;
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const unsigned char byte : bytes) {
    held = (held << 8U) | byte;
    for (bits += 8; bits >= 6; bits -= 6) text += kBase64url[(held >> (bits - 6)) & 0x3FU];
  }
  if (bits > 0) text += kBase64url[(held << (6 - bits)) & 0x3FU];
  return text;
}

std::string to_base64url(std::string_view bytes) {
  return to_base64url(
      std::span(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

std::optional<std::string> from_base64url(std::string_view text) {
  return decode<6>(text, kBase64url);
}

}  // namespace cc
