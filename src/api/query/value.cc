#include "api/query/value.h"

#include <algorithm>
#include <compare>

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

bool is_within(const Value& value, const Range& range) {
  if (is_null(value)) return false;
  const Value from = view(range.from);
  const Value to = view(range.to);
  return (is_null(from) || compare(value, from) >= 0) && (is_null(to) || compare(value, to) < 0);
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

}  // namespace cc::api
