#include "gateway/protocol/repair.h"

#include <cctype>
#include <cstdint>
#include <optional>

#include "base/text.h"

namespace cc::gateway::protocol {
namespace {

constexpr std::string_view kUnreadable = "\xEF\xBF\xBD";
constexpr std::string_view kEscapedReplacement = "\\ufffd";
constexpr std::size_t kEscapeBytes = 6;         // \uXXXX
constexpr std::size_t kSafeIntegerDigits = 18;  // any integer this short fits 64 bits

std::optional<std::uint32_t> hex_value(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint32_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::uint32_t>(c - 'A' + 10);
  return std::nullopt;
}

/// The code unit of a `\uXXXX` that `text` begins with.
std::optional<std::uint32_t> code_unit(std::string_view text) {
  if (text.size() < kEscapeBytes || text[0] != '\\' || text[1] != 'u') return std::nullopt;
  std::uint32_t unit = 0;
  for (const char c : text.substr(2, 4)) {
    const auto digit = hex_value(c);
    if (!digit) return std::nullopt;
    unit = (unit << 4U) | *digit;
  }
  return unit;
}

bool is_high(std::uint32_t unit) {
  return unit >= 0xD800 && unit < 0xDC00;
}
bool is_low(std::uint32_t unit) {
  return unit >= 0xDC00 && unit < 0xE000;
}

class Repair {
 public:
  explicit Repair(std::string_view text) : rest_(text) { out_.reserve(text.size() + 16); }

  std::string run() {
    while (!rest_.empty()) {
      if (rest_.front() == '"') {
        take(1);
        string();
      } else if (rest_.front() == '-' || std::isdigit(static_cast<unsigned char>(rest_.front()))) {
        number();
      } else {
        take(1);
      }
    }
    return std::move(out_);
  }

 private:
  void take(std::size_t count) {
    count = std::min(count, rest_.size());
    out_ += rest_.substr(0, count);
    rest_.remove_prefix(count);
  }

  void replace(std::size_t count, std::string_view by) {
    out_ += by;
    rest_.remove_prefix(count);
  }

  void number() {
    const auto length = std::min(rest_.find_first_not_of("+-.0123456789eE"), rest_.size());
    const bool integer = rest_.substr(0, length).find_first_of(".eE") == std::string_view::npos;
    take(length);
    if (integer && length > kSafeIntegerDigits) out_ += "e0";
  }

  /// After the opening quote, to the closing one.
  void string() {
    while (!rest_.empty()) {
      if (rest_.front() == '"') return take(1);
      if (rest_.front() == '\\') {
        escape();
      } else {
        character();
      }
    }
  }

  void escape() {
    const auto unit = code_unit(rest_);
    if (!unit) return take(2);
    if (!is_high(*unit) && !is_low(*unit)) return take(kEscapeBytes);
    const auto next = code_unit(rest_.substr(kEscapeBytes));
    if (is_high(*unit) && next && is_low(*next)) return take(2 * kEscapeBytes);
    replace(kEscapeBytes, kEscapedReplacement);
  }

  void character() {
    if (static_cast<unsigned char>(rest_.front()) < 0x20) return replace(1, kUnreadable);
    for (std::size_t length = 1; length <= std::min<std::size_t>(4, rest_.size()); ++length) {
      if (is_utf8(rest_.substr(0, length))) return take(length);
    }
    replace(1, kUnreadable);
  }

  std::string_view rest_;
  std::string out_;
};

}  // namespace

std::string repair(std::string_view text) {
  return Repair(text).run();
}

}  // namespace cc::gateway::protocol
