#pragma once
// Rows out of many: filtered, counted, put in order and cut to a page. Generic over the kinds of
// rows; pure.

#include <algorithm>
#include <optional>
#include <vector>

#include "api/query/facets.h"
#include "api/query/list_query.h"

namespace cc::api {

template <class Row>
struct Selection {
  std::vector<Taken<Row>> rows;
  std::size_t total = 0;      // that pass the filters, on all pages
  std::optional<Place> next;  // empty: this was the last page
  FacetCounts facets;         // in the order asked for
};

namespace select_detail {

/// What is compared instead of the rows: the value sorted by is looked up once.
template <class Row>
struct Key {
  Value value;
  const Taken<Row>* taken = nullptr;
};

/// Negative: `a` stands before `b`. Nulls are last in both directions, ties go by identity.
inline int compare_places(const Value& a, std::string_view gateway_a, std::string_view id_a,
                          const Value& b, std::string_view gateway_b, std::string_view id_b,
                          bool descending) {
  if (is_null(a) != is_null(b)) return is_null(a) ? 1 : -1;
  if (const int by_value = compare(a, b); by_value != 0) return descending ? -by_value : by_value;
  if (const int by_gateway = gateway_a.compare(gateway_b); by_gateway != 0) return by_gateway;
  return id_a.compare(id_b);
}

template <class Row>
int compare_keys(const Key<Row>& a, const Key<Row>& b, bool descending) {
  const Row& row_a = *a.taken->row;
  const Row& row_b = *b.taken->row;
  return compare_places(a.value, gateway_of(row_a), row_a.identity(), b.value, gateway_of(row_b),
                        row_b.identity(), descending);
}

template <class Row>
bool found_in(const Taken<Row>& taken, const std::string& needle) {
  return std::ranges::any_of(fields<Row>(), [&](const Field<Row>& field) {
    if (!field.searched) return false;
    const Value value = field.value(*taken.row, taken.gateway_speaks);
    const auto* text = std::get_if<std::string_view>(&value);
    return text != nullptr && fold_case(*text).find(needle) != std::string::npos;
  });
}

/// How a row stands to the filters.
struct Fit {
  std::size_t misses = 0;  // filters that it does not pass, counted up to two
  std::size_t missed = 0;  // the field of the first of them
};

template <class Row>
Fit fit(const Taken<Row>& taken, const ListQuery& query) {
  Fit fit;
  const auto table = fields<Row>();
  for (const FieldFilter& filter : query.filters) {
    const Value value = table[filter.field].value(*taken.row, taken.gateway_speaks);
    const auto wants = [&](const OwnedValue& wanted) { return matches(value, wanted); };
    if (std::ranges::any_of(filter.any_of, wants)) continue;
    if (fit.misses == 0) fit.missed = filter.field;
    if (++fit.misses == 2) break;
  }
  return fit;
}

/// Counts the row in every facet whose own filter is the only one that it may miss.
template <class Row>
void count_facets(FacetCounter& counter, const Taken<Row>& taken, const ListQuery& query,
                  const Fit& fit) {
  for (std::size_t i = 0; i < query.facets.size(); ++i) {
    const std::size_t field = query.facets[i];
    if (fit.misses == 1 && fit.missed != field) continue;
    counter.count(i, fields<Row>()[field].value(*taken.row, taken.gateway_speaks));
  }
}

template <class Row>
Key<Row> key_of(const Taken<Row>& taken, const ListQuery& query) {
  if (!query.order) return {Value(), &taken};
  return {fields<Row>()[query.order->field].value(*taken.row, taken.gateway_speaks), &taken};
}

template <class Row>
bool is_after(const Key<Row>& key, const ListQuery& query) {
  if (!query.after) return true;
  const Row& row = *key.taken->row;
  const Place& place = *query.after;
  return compare_places(view(place.value), place.gateway, place.id, key.value, gateway_of(row),
                        row.identity(), query.order && query.order->descending) < 0;
}

template <class Row>
Place place_of(const Key<Row>& key, const ListQuery& query) {
  const Row& row = *key.taken->row;
  return {query.sort, own(key.value), gateway_of(row), row.identity()};
}

}  // namespace select_detail

/// One page. Costs a look at every candidate and a sort of the page alone. `candidates` hold the
/// texts that facets count by.
template <class Row>
Selection<Row> select(const std::vector<Taken<Row>>& candidates, const ListQuery& query) {
  using namespace select_detail;
  Selection<Row> selection;
  std::vector<Key<Row>> keys;
  FacetCounter counter(query.facets.size());
  for (const Taken<Row>& taken : candidates) {
    const Fit how = fit(taken, query);
    if (how.misses > 1 || (how.misses == 1 && query.facets.empty())) continue;
    if (!query.needle.empty() && !found_in(taken, query.needle)) continue;
    count_facets(counter, taken, query, how);
    if (how.misses > 0) continue;
    ++selection.total;
    if (auto key = key_of(taken, query); is_after(key, query)) keys.push_back(key);
  }
  const bool descending = query.order && query.order->descending;
  const auto before = [descending](const Key<Row>& a, const Key<Row>& b) {
    return compare_keys(a, b, descending) < 0;
  };
  if (keys.size() > query.limit) {
    const auto border = keys.begin() + static_cast<std::ptrdiff_t>(query.limit);
    std::nth_element(keys.begin(), border, keys.end(), before);
    keys.erase(border, keys.end());
    std::ranges::sort(keys, before);
    selection.next = place_of(keys.back(), query);
  } else {
    std::ranges::sort(keys, before);
  }
  for (const Key<Row>& key : keys) selection.rows.push_back(*key.taken);
  selection.facets = counter.counts();
  return selection;
}

/// The fields of a kind of row, as the parser of parameters wants them.
template <class Row>
[[nodiscard]] std::vector<FieldSpec> field_specs() {
  const auto table = fields<Row>();
  return {table.begin(), table.end()};
}

}  // namespace cc::api
