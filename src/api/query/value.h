#pragma once
// The value of a field, as filters, orders and page tokens use it.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cc::api {

using Texts = std::vector<std::string>;

/// A view into a row; monostate is null. One field has one kind of value, or null, in every row.
using Value =
    std::variant<std::monostate, bool, std::int64_t, double, std::string_view, const Texts*>;

/// A value that owns its text: for filters and page tokens.
using OwnedValue = std::variant<std::monostate, bool, std::int64_t, double, std::string, Texts>;

[[nodiscard]] inline bool is_null(const Value& value) {
  return value.index() == 0;
}

/// Valid as long as `value` is.
[[nodiscard]] Value view(const OwnedValue& value);
[[nodiscard]] OwnedValue own(const Value& value);

/// Negative, zero or positive. Texts compare by bytes, lists by their items; both must be of one
/// kind and not null.
[[nodiscard]] int compare(const Value& a, const Value& b);

/// Whether a filter for `wanted` lets `value` pass: equal or, in a list, one item equal.
[[nodiscard]] bool matches(const Value& value, const OwnedValue& wanted);

/// From `from` on and before `to`, of a field of numbers or times. Null: without that end.
struct Range {
  OwnedValue from;
  OwnedValue to;
};
/// Null is in no range.
[[nodiscard]] bool is_within(const Value& value, const Range& range);

/// ASCII, Latin, Greek and Cyrillic letters in lower case, so that searching need not know the
/// case.
[[nodiscard]] std::string fold_case(std::string_view text);

}  // namespace cc::api
