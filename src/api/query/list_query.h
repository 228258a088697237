#pragma once
// The parsed parameters of a list: which rows, in which order, how many, from where.

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/http/parameters.h"
#include "api/query/field.h"
#include "api/query/page_token.h"

namespace cc::api {

inline constexpr std::size_t kDefaultLimit = 100;
inline constexpr std::size_t kMaxLimit = 1000;

/// A row passes by one of the values or one of the ranges.
struct FieldFilter {
  std::size_t field = 0;           // place in the table of fields
  std::vector<OwnedValue> any_of;  // null: where the field is null
  std::vector<Range> ranges;
};

struct Order {
  std::size_t field = 0;
  bool descending = false;
};

struct ListQuery {
  std::size_t limit = kDefaultLimit;
  std::string sort;           // as asked for
  std::vector<Order> orders;  // each decides what those before it leave equal; last, the identity
  std::string needle;         // folded; empty: no search
  std::vector<FieldFilter> filters;
  std::optional<PageToken> after;
  std::vector<std::size_t> facets;  // places in the table of fields, each once
};

/// Every parameter must be known; only filters may be given more than once, which adds
/// alternatives. `usual_order`: the `sort` of a list that was asked for without one; empty: by
/// identity.
[[nodiscard]] std::expected<ListQuery, ParameterFault> parse_list_query(
    const Parameters& parameters, std::span<const FieldSpec> fields,
    std::string_view usual_order = {});

/// 1 to kMaxLimit.
[[nodiscard]] std::expected<std::size_t, ParameterFault> parse_limit(std::string_view text);

}  // namespace cc::api
