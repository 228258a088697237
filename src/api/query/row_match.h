#pragma once
// Whether a row is one of those that a list asks for.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "api/query/facets.h"
#include "api/query/list_query.h"
#include "api/query/needle.h"

namespace cc::api {

/// Searches the searched fields for `q`.
template <class Row>
class Search {
 public:
  explicit Search(const std::string& needle) : any_(needle.empty()), needle_(needle) {
    for (const Field<Row>& field : fields<Row>()) {
      if (field.searched) fields_.push_back(&field);
    }
  }
  [[nodiscard]] bool finds(const fleet::Held<Row>& row, bool gateway_speaks) const {
    return any_ || std::ranges::any_of(fields_, [&](const Field<Row>* field) {
             const Value value = field->value(row, gateway_speaks);
             const auto* text = std::get_if<std::string_view>(&value);
             return text != nullptr && needle_.is_in(*text);
           });
  }

 private:
  const bool any_;
  const Needle needle_;
  std::vector<const Field<Row>*> fields_;
};

inline bool passes(const Value& value, const FieldFilter& filter) {
  const auto is_wanted = [&](const OwnedValue& wanted) { return matches(value, wanted); };
  const auto is_in = [&](const Range& range) { return is_within(value, range); };
  return std::ranges::any_of(filter.any_of, is_wanted) || std::ranges::any_of(filter.ranges, is_in);
}

/// Which filters a row fails.
struct Fit {
  std::size_t misses = 0;  // filters that it does not pass, counted up to two
  std::size_t missed = 0;  // the field of the first of them
};

template <class Row>
Fit fit(const fleet::Held<Row>& row, bool gateway_speaks, const ListQuery& query) {
  Fit fit;
  const auto table = fields<Row>();
  for (const FieldFilter& filter : query.filters) {
    if (passes(table[filter.field].value(row, gateway_speaks), filter)) continue;
    if (fit.misses == 0) fit.missed = filter.field;
    if (++fit.misses == 2) break;
  }
  return fit;
}

/// Counts the row in each facet, ignoring only the filter on that facet's field.
template <class Row>
void count_facets(FacetCounter& counter, const fleet::Held<Row>& row, bool gateway_speaks,
                  const ListQuery& query, const Fit& fit) {
  for (std::size_t i = 0; i < query.facets.size(); ++i) {
    const std::size_t field = query.facets[i];
    if (fit.misses == 1 && fit.missed != field) continue;
    counter.count(i, fields<Row>()[field].value(row, gateway_speaks));
  }
}

}  // namespace cc::api
