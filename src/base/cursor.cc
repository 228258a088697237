#include "base/cursor.h"

#include <algorithm>
#include <array>

#include "base/number.h"
#include "base/random.h"

namespace cc {
namespace {

constexpr std::string_view kAlphabet = "0123456789abcdefghijklmnopqrstuvwxyz";

}  // namespace

Epoch Epoch::draw() {
  std::string text(kLength, '0');
  std::size_t filled = 0;
  // Bytes beyond the largest multiple of 36 are thrown away, so that each letter is equally likely.
  while (filled < kLength) {
    for (const unsigned char byte : random_bytes<16>()) {
      if (byte < 252 && filled < kLength) text[filled++] = kAlphabet[byte % kAlphabet.size()];
    }
  }
  return Epoch(std::move(text));
}

std::optional<Epoch> Epoch::parse(std::string_view text) {
  const auto known = [](char c) { return kAlphabet.contains(c); };
  if (text.size() != kLength || !std::ranges::all_of(text, known)) return std::nullopt;
  return Epoch(std::string(text));
}

std::optional<Cursor> Cursor::parse(std::string_view text) {
  if (text.size() < Epoch::kLength + 2 || text[Epoch::kLength] != '-') return std::nullopt;
  auto epoch = Epoch::parse(text.substr(0, Epoch::kLength));
  const auto digits = text.substr(Epoch::kLength + 1);
  if (!epoch || (digits.size() > 1 && digits.front() == '0')) return std::nullopt;
  const auto seq = number_in<Seq>(digits);
  if (!seq) return std::nullopt;
  return Cursor{std::move(*epoch), *seq};
}

std::string Cursor::text() const {
  return epoch.text() + "-" + std::to_string(seq);
}

}  // namespace cc
