#pragma once
// A string that cannot be printed by accident: no operator<<, no conversion, no formatter. Whoever
// needs the bytes says `reveal()`, which a reviewer can grep for.

#include <string>
#include <string_view>
#include <utility>

namespace cc {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}

  [[nodiscard]] bool empty() const { return value_.empty(); }
  [[nodiscard]] std::size_t size() const { return value_.size(); }
  [[nodiscard]] const std::string& reveal() const { return value_; }

  /// Takes time that depends only on the lengths.
  [[nodiscard]] bool equals(std::string_view other) const {
    unsigned difference = value_.size() == other.size() ? 0U : 1U;
    for (std::size_t i = 0; i < other.size(); ++i) {
      const char own = value_.empty() ? '\0' : value_[i % value_.size()];
      difference |= static_cast<unsigned>(static_cast<unsigned char>(own ^ other[i]));
    }
    return difference == 0;
  }

 private:
  std::string value_;
};

}  // namespace cc
