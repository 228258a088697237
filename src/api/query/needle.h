#pragma once
// The text that `q` looks for.

#include <cstddef>
#include <string_view>

namespace cc::api {

/// What is searched for, in folded case.
class Needle {
 public:
  explicit Needle(std::string_view folded);

  /// Whether it is in `text`, whatever the case there.
  [[nodiscard]] bool is_in(std::string_view text) const;

 private:
  [[nodiscard]] bool is_in_ascii(std::string_view text) const;
  /// Checks sixteen positions from `at` on at once. All of them must exist.
  [[nodiscard]] bool may_stand_within(std::string_view text, std::size_t at) const;
  [[nodiscard]] bool stands_within(std::string_view text, std::size_t at, std::size_t places) const;
  [[nodiscard]] bool stands_at(std::string_view text, std::size_t at) const;

  std::string_view folded_;
  bool ascii_ = false;
};

}  // namespace cc::api
