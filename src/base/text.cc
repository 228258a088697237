#include "base/text.h"

#include <algorithm>

#include "base/eight_bytes.h"

namespace cc {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct Decoded {
  char32_t code = 0;
  std::size_t length = 1;  // bytes taken; 1 for an invalid one
  bool valid = false;
};

// Table 3-7 of the Unicode Standard: the second byte's range depends on the first.
Decoded decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1, true};
  std::size_t length = 0;
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
  if (first >= 0xC2 && first <= 0xDF) {
    length = 2;
  } else if (first >= 0xE0 && first <= 0xEF) {
    length = 3;
    if (first == 0xE0) low = 0xA0;
    if (first == 0xED) high = 0x9F;
  } else if (first >= 0xF0 && first <= 0xF4) {
    length = 4;
    if (first == 0xF0) low = 0x90;
    if (first == 0xF4) high = 0x8F;
  }
  if (length == 0 || text.size() < length || byte(1) < low || byte(1) > high) return {};
  char32_t code = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return {};
    code = (code << 6U) | (byte(i) & 0x3FU);
  }
  return {code, length, true};
}

bool is_control(char32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029;
}

}  // namespace

bool is_plain_ascii(std::string_view text) {
  std::size_t done = 0;
  for (; done + kEightBytes <= text.size(); done += kEightBytes) {
    const std::uint64_t bytes = eight_bytes(text, done);
    if (any_high(bytes) || any_below(bytes, 0x20) || any_is(bytes, 0x7F)) return false;
  }
  return std::ranges::all_of(text.substr(done),
                             [](unsigned char c) { return c >= 0x20 && c < 0x7F; });
}

std::string clean_text(std::string_view text, std::size_t limit) {
  if (text.size() <= limit && is_plain_ascii(text)) return std::string(text);
  std::string out;
  while (!text.empty()) {
    const Decoded next = decode(text);
    const auto bytes = next.valid ? text.substr(0, next.length) : kReplacement;
    if (!next.valid || !is_control(next.code)) {
      if (out.size() + bytes.size() > limit) break;
      out += bytes;
    }
    text.remove_prefix(next.length);
  }
  return out;
}

std::string_view cut_text(std::string_view text, std::size_t limit) {
  std::size_t end = std::min(text.size(), limit);
  const auto is_inside = [&] { return (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U; };
  while (end < text.size() && end > 0 && is_inside()) --end;
  return text.substr(0, end);
}

bool is_identity(std::string_view text) {
  if (text.empty() || text.size() > kMaxIdentityBytes) return false;
  if (is_plain_ascii(text)) return true;
  while (!text.empty()) {
    const Decoded next = decode(text);
    if (!next.valid || is_control(next.code)) return false;
    text.remove_prefix(next.length);
  }
  return true;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const Decoded next = decode(text);
    if (!next.valid) return false;
    text.remove_prefix(next.length);
  }
  return true;
}

}  // namespace cc
