#pragma once
// The body of a write: one flat JSON object.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"

namespace cc::api {

class JsonBody {
 public:
  using Content = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

  /// kInvalid: not a flat object of JSON, a member twice, or one that is not among `known`. The
  /// sentence never repeats a value.
  static Result<JsonBody> parse(std::string_view text,
                                std::initializer_list<std::string_view> known);

  [[nodiscard]] std::optional<std::string> text(std::string_view member) const;
  [[nodiscard]] std::optional<std::int64_t> number(std::string_view member) const;
  /// Present, and not null.
  [[nodiscard]] bool has(std::string_view member) const;

 private:
  std::map<std::string, Content, std::less<>> members_;
};

}  // namespace cc::api
