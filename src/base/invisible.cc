#include "base/invisible.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/encoding.h"
#include "base/text.h"

namespace cc {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

/// Controls, blanks, joiners, marks of direction, selectors of variants.
constexpr std::array kInvisible{
    Range{0x0000, 0x001F}, Range{0x007F, 0x00A0}, Range{0x00AD, 0x00AD}, Range{0x034F, 0x034F},
    Range{0x061C, 0x061C}, Range{0x115F, 0x1160}, Range{0x1680, 0x1680}, Range{0x17B4, 0x17B5},
    Range{0x180B, 0x180F}, Range{0x2000, 0x200F}, Range{0x2028, 0x202F}, Range{0x205F, 0x206F},
    Range{0x2800, 0x2800}, Range{0x3000, 0x3000}, Range{0x3164, 0x3164}, Range{0xFE00, 0xFE0F},
    Range{0xFEFF, 0xFEFF}, Range{0xFFA0, 0xFFA0}, Range{0xFFF9, 0xFFFB}, Range{0xE0000, 0xE0FFF},
};

std::size_t length_by_first(unsigned char first) {
  if (first < 0x80) return 1;
  if (first < 0xE0) return 2;
  return first < 0xF0 ? 3 : 4;
}

/// Takes the next character off `text`; a byte that begins none is one by itself, and invalid.
struct Character {
  std::string_view bytes;
  std::optional<char32_t> code;  // empty: not UTF-8
};

Character take_character(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  const auto length = std::min(length_by_first(first), text.size());
  const bool valid = is_utf8(text.substr(0, length));
  Character taken{text.substr(0, valid ? length : 1), std::nullopt};
  text.remove_prefix(taken.bytes.size());
  if (!valid) return taken;
  char32_t code = length == 1 ? first : first & (0x7FU >> length);
  for (const char c : taken.bytes.substr(1)) {
    code = (code << 6U) | (static_cast<unsigned char>(c) & 0x3FU);
  }
  taken.code = code;
  return taken;
}

bool is_invisible(char32_t code) {
  return std::ranges::any_of(
      kInvisible, [code](const Range& range) { return code >= range.first && code <= range.last; });
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

/// Four digits, or six where it needs them.
std::string code_name(char32_t code) {
  std::string digits;
  if (code > 0xFFFF) append_hex(digits, static_cast<unsigned char>(code >> 16U));
  append_hex(digits, static_cast<unsigned char>(code >> 8U & 0xFFU));
  append_hex(digits, static_cast<unsigned char>(code & 0xFFU));
  return "U+" + upper(std::move(digits));
}

/// Empty: it can be seen.
std::optional<std::string> name_if_invisible(const Character& character) {
  if (character.code) {
    return is_invisible(*character.code) ? std::optional(code_name(*character.code)) : std::nullopt;
  }
  std::string digits;
  append_hex(digits, static_cast<unsigned char>(character.bytes.front()));
  return "byte " + upper(std::move(digits));
}

}  // namespace

std::string_view without_blanks_around(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n\v\f";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::optional<std::string> first_invisible(std::string_view text) {
  while (!text.empty()) {
    if (auto name = name_if_invisible(take_character(text))) return name;
  }
  return std::nullopt;
}

std::string show_invisible(std::string_view text, std::size_t limit) {
  std::string shown;
  while (!text.empty() && shown.size() < limit) {
    const auto character = take_character(text);
    const auto name = name_if_invisible(character);
    shown += name ? "<" + *name + ">" : std::string(character.bytes);
  }
  return shown;
}

}  // namespace cc
