#pragma once
// How rows of a list stand to each other: by the fields sorted by, nulls last, ties by identity.

#include <span>
#include <string>
#include <string_view>

#include "api/query/list_query.h"
#include "fleet/state/row_table.h"

namespace cc::api {

/// The sort key of a row. The value of the first order is looked up once.
template <class Row>
struct Key {
  Value value;
  const fleet::HeldPointer<Row>* pointer = nullptr;
  bool gateway_speaks = false;

  [[nodiscard]] const fleet::Held<Row>& row() const { return **pointer; }
};

/// Negative: `a` stands before `b`. Nulls are last in both directions.
inline int compare_values(const Value& a, const Value& b, bool descending) {
  if (is_null(a) != is_null(b)) return is_null(a) ? 1 : -1;
  const int by_value = compare(a, b);
  return descending ? -by_value : by_value;
}

/// As above, for plain times; `fleet::kNoTime` is null.
inline int compare_times(TimeMs a, TimeMs b, bool descending) {
  if (a == b) return 0;
  if (a == fleet::kNoTime || b == fleet::kNoTime) return a == fleet::kNoTime ? 1 : -1;
  return (a < b) != descending ? -1 : 1;
}

inline TimeMs time_in(const Value& value) {
  const auto* time = std::get_if<std::int64_t>(&value);
  return time == nullptr ? fleet::kNoTime : *time;
}

/// Compares identities if the values are equal. Separate, because it has to access the rows, which
/// are not in cache.
template <class Held>
int compare_identities(const Held& row, std::string_view gateway, std::string_view id) {
  const int by_gateway = gateway_of(row).compare(gateway);
  return by_gateway != 0 ? by_gateway : std::string_view(row.identity()).compare(id);
}

using Orders = std::span<const Order>;

template <class Row>
Value value_of(const fleet::Held<Row>& row, bool gateway_speaks, const Order& order) {
  return fields<Row>()[order.field].value(row, gateway_speaks);
}
template <class Row>
Value value_of(const Key<Row>& key, const Order& order) {
  return value_of<Row>(key.row(), key.gateway_speaks, order);
}

template <class Row>
int compare_keys(const Key<Row>& a, const Key<Row>& b, Orders orders) {
  for (std::size_t i = 0; i < orders.size(); ++i) {
    const Order& order = orders[i];
    const int by_value =
        i == 0 ? compare_values(a.value, b.value, order.descending)
               : compare_values(value_of(a, order), value_of(b, order), order.descending);
    if (by_value != 0) return by_value;
  }
  return compare_identities(a.row(), gateway_of(b.row()), b.row().identity());
}

template <class Row>
Key<Row> key_of(const fleet::HeldPointer<Row>& row, bool gateway_speaks, const ListQuery& query) {
  if (query.orders.empty()) return {Value(), &row, gateway_speaks};
  return {value_of<Row>(*row, gateway_speaks, query.orders.front()), &row, gateway_speaks};
}

template <class Row>
bool is_after(const Key<Row>& key, const ListQuery& query) {
  if (!query.after) return true;
  const PageToken& place = *query.after;
  for (std::size_t i = 0; i < query.orders.size(); ++i) {
    const Order& order = query.orders[i];
    const Value value = i == 0 ? key.value : value_of(key, order);
    const int by_value = compare_values(value, view(place.values[i]), order.descending);
    if (by_value != 0) return by_value > 0;
  }
  return compare_identities(key.row(), place.gateway, place.id) > 0;
}

template <class Row>
PageToken token_of(const Key<Row>& key, const ListQuery& query) {
  const auto& row = key.row();
  PageToken place{query.sort, {}, std::string(gateway_of(row)), std::string(row.identity())};
  for (const Order& order : query.orders) place.values.push_back(own(value_of(key, order)));
  return place;
}

}  // namespace cc::api
