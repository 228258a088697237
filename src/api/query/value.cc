#include "api/query/value.h"

#include <algorithm>
#include <array>
#include <compare>
#include <cstring>

namespace cc::api {
namespace {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};

template <class T>
int three_way(const T& a, const T& b) {
  return a < b ? -1 : (b < a ? 1 : 0);
}

/// Letters of two UTF-8 bytes whose lower case is a fixed way off, as code points.
char32_t lower(char32_t point) {
  if (point >= 0xC0 && point <= 0xDE && point != 0xD7) return point + 0x20;
  if (point >= 0x100 && point <= 0x137 && point != 0x130 && point != 0x131) return point | 1U;
  if (point >= 0x391 && point <= 0x3A9 && point != 0x3A2) return point + 0x20;
  if (point >= 0x400 && point <= 0x40F) return point + 0x50;
  if (point >= 0x410 && point <= 0x42F) return point + 0x20;
  return point;
}

bool is_ascii(char byte) {
  return static_cast<unsigned char>(byte) < 0x80;
}

char lower_ascii(char byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + 0x20) : byte;
}

/// Sixteen bytes that the processor handles at once (an extension that g++ and clang share).
using Bytes = unsigned char __attribute__((vector_size(16)));
/// Sets the bit by which small letters differ from capital ones. It makes other bytes equal, too:
/// what matches has to be looked at again.
constexpr unsigned char kSmall = 0x20;

unsigned char caseless(char byte) {
  return static_cast<unsigned char>(byte) | kSmall;
}

Bytes load_caseless(const char* from) {
  Bytes bytes;
  std::memcpy(&bytes, from, sizeof bytes);
  return bytes | kSmall;
}

bool has_zero(Bytes bytes) {
  const auto zero = bytes == 0;
  std::array<std::uint64_t, 2> halves{};
  std::memcpy(halves.data(), &zero, sizeof zero);
  return (halves[0] | halves[1]) != 0;
}

void append_pair(std::string& out, char32_t point) {
  out += static_cast<char>(0xC0U | (point >> 6U));
  out += static_cast<char>(0x80U | (point & 0x3FU));
}

}  // namespace

Value view(const OwnedValue& value) {
  return std::visit(
      Overloaded{[](const std::string& text) { return Value(std::string_view(text)); },
                 [](const Texts& texts) { return Value(&texts); },
                 [](const auto& plain) { return Value(plain); }},
      value);
}

OwnedValue own(const Value& value) {
  return std::visit(Overloaded{[](std::string_view text) { return OwnedValue(std::string(text)); },
                               [](const Texts* texts) { return OwnedValue(*texts); },
                               [](const auto& plain) { return OwnedValue(plain); }},
                    value);
}

int compare(const Value& a, const Value& b) {
  // Most orders are by a time or a count, and each row is compared.
  if (const auto* one = std::get_if<std::int64_t>(&a)) {
    if (const auto* other = std::get_if<std::int64_t>(&b)) return three_way(*one, *other);
  }
  if (a.index() != b.index()) return three_way(a.index(), b.index());
  return std::visit(
      Overloaded{[](const Texts* one, const Texts* other) { return three_way(*one, *other); },
                 []<class T>(const T& one, const T& other) { return three_way(one, other); },
                 [](const auto& /*one*/, const auto& /*other*/) { return 0; }},
      a, b);
}

bool matches(const Value& value, const OwnedValue& wanted) {
  if (const auto* texts = std::get_if<const Texts*>(&value)) {
    const auto* text = std::get_if<std::string>(&wanted);
    return text != nullptr && std::ranges::find(**texts, *text) != (*texts)->end();
  }
  return compare(value, view(wanted)) == 0;
}

std::string fold_case(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 'A' && byte <= 'Z') {
      out += static_cast<char>(byte + 0x20);
    } else if (byte >= 0xC3 && byte <= 0xD0 && i + 1 < text.size()) {
      const auto next = static_cast<unsigned char>(text[++i]);
      append_pair(out, lower(((byte & 0x1FU) << 6U) | (next & 0x3FU)));
    } else {
      out += text[i];
    }
  }
  return out;
}

Needle::Needle(std::string_view folded)
    : folded_(folded), ascii_(!folded.empty() && std::ranges::all_of(folded, is_ascii)) {}

bool Needle::is_in(std::string_view text) const {
  return ascii_ ? is_in_ascii(text) : fold_case(text).find(folded_) != std::string::npos;
}

// Folding makes no ASCII letter of another one, so nothing has to be copied. A search looks at
// every row of a large fleet: sixteen places at a time are asked whether the needle's first and
// last byte stand where they should, which hardly any place passes.
bool Needle::is_in_ascii(std::string_view text) const {
  if (text.size() < folded_.size()) return false;
  const std::size_t places = text.size() - folded_.size() + 1;
  if (places < sizeof(Bytes)) return stands_within(text, 0, places);
  // The last sixteen overlap with those before, so that no place is left over.
  const std::size_t last = places - sizeof(Bytes);
  for (std::size_t at = 0;; at = std::min(at + sizeof(Bytes), last)) {
    if (may_stand_within(text, at) && stands_within(text, at, sizeof(Bytes))) return true;
    if (at == last) return false;
  }
}

bool Needle::may_stand_within(std::string_view text, std::size_t at) const {
  const char* from = text.data() + at;
  const Bytes first = load_caseless(from) ^ caseless(folded_.front());
  const Bytes last = load_caseless(from + folded_.size() - 1) ^ caseless(folded_.back());
  return has_zero(first | last);
}

bool Needle::stands_within(std::string_view text, std::size_t at, std::size_t places) const {
  const unsigned char first = caseless(folded_.front());
  for (const std::size_t end = at + places; at < end; ++at) {
    if (caseless(text[at]) == first && stands_at(text, at)) return true;
  }
  return false;
}

bool Needle::stands_at(std::string_view text, std::size_t at) const {
  return std::ranges::equal(text.substr(at, folded_.size()), folded_, {}, lower_ascii);
}

}  // namespace cc::api
