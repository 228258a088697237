#include "api/query/needle.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "api/query/value.h"

namespace cc::api {
namespace {

bool is_ascii(char byte) {
  return static_cast<unsigned char>(byte) < 0x80;
}

char lower_ascii(char byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + 0x20) : byte;
}

/// A vector of sixteen bytes (an extension that g++ and clang share).
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

}  // namespace

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
