#pragma once
// Rows out of many: filtered, counted, put in order and cut to a page. Generic over the kinds of
// rows; pure.

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <vector>

#include "api/query/facets.h"
#include "api/query/list_query.h"
#include "fleet/row_table.h"

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

/// The same for times that stand by themselves; `fleet::kNoTime` is null.
inline int compare_times(TimeMs a, TimeMs b, bool descending) {
  if (a == b) return 0;
  if (a == fleet::kNoTime || b == fleet::kNoTime) return a == fleet::kNoTime ? 1 : -1;
  return (a < b) != descending ? -1 : 1;
}

inline TimeMs time_in(const Value& value) {
  const auto* time = std::get_if<std::int64_t>(&value);
  return time == nullptr ? fleet::kNoTime : *time;
}

/// Where the values tie. Apart from them, because it has to look into the rows, which are far away.
template <class Held>
int compare_identities(const Held& row, std::string_view gateway, std::string_view id) {
  const int by_gateway = gateway_of(row).compare(gateway);
  return by_gateway != 0 ? by_gateway : std::string_view(row.identity()).compare(id);
}

template <class Row>
int compare_keys(const Key<Row>& a, const Key<Row>& b, bool descending) {
  if (const int by_value = compare_values(a.value, b.value, descending)) return by_value;
  return compare_identities(a.row(), gateway_of(b.row()), b.row().identity());
}

/// Looks for what `q` asks for in the fields that it is looked for in.
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

/// How a row stands to the filters.
struct Fit {
  std::size_t misses = 0;  // filters that it does not pass, counted up to two
  std::size_t missed = 0;  // the field of the first of them
};

template <class Row>
Fit fit(const fleet::Held<Row>& row, bool gateway_speaks, const ListQuery& query) {
  Fit fit;
  const auto table = fields<Row>();
  for (const FieldFilter& filter : query.filters) {
    const Value value = table[filter.field].value(row, gateway_speaks);
    const auto wants = [&](const OwnedValue& wanted) { return matches(value, wanted); };
    if (std::ranges::any_of(filter.any_of, wants)) continue;
    if (fit.misses == 0) fit.missed = filter.field;
    if (++fit.misses == 2) break;
  }
  return fit;
}

/// Counts the row in every facet whose own filter is the only one that it may miss.
template <class Row>
void count_facets(FacetCounter& counter, const fleet::Held<Row>& row, bool gateway_speaks,
                  const ListQuery& query, const Fit& fit) {
  for (std::size_t i = 0; i < query.facets.size(); ++i) {
    const std::size_t field = query.facets[i];
    if (fit.misses == 1 && fit.missed != field) continue;
    counter.count(i, fields<Row>()[field].value(row, gateway_speaks));
  }
}

template <class Row>
Key<Row> key_of(const fleet::HeldPointer<Row>& row, bool gateway_speaks, const ListQuery& query) {
  if (!query.order) return {Value(), &row, gateway_speaks};
  return {fields<Row>()[query.order->field].value(*row, gateway_speaks), &row, gateway_speaks};
}

template <class Row>
bool is_after(const Key<Row>& key, const ListQuery& query) {
  if (!query.after) return true;
  const Place& place = *query.after;
  const bool descending = query.order && query.order->descending;
  if (const int by_value = compare_values(key.value, view(place.value), descending)) {
    return by_value > 0;
  }
  return compare_identities(key.row(), place.gateway, place.id) > 0;
}

template <class Row>
Place place_of(const Key<Row>& key, const ListQuery& query) {
  const auto& row = key.row();
  return {query.sort, own(key.value), std::string(gateway_of(row)), std::string(row.identity())};
}

/// The first so many of all keys, in order. Holds a few times as many, whatever comes, so that they
/// stay close at hand; most keys are compared once, with the last that still had a place.
template <class Row>
class Page {
 public:
  Page(std::size_t limit, bool descending) : limit_(limit), descending_(descending) {}

  void add(const Key<Row>& key) {
    if (full_ && before(last_, key)) return;
    keys_.push_back(key);
    if (keys_.size() >= 4 * limit_) cut();
  }

  /// Whether a row that is sorted by this time would be left out whatever else it holds.
  [[nodiscard]] bool is_beyond(TimeMs time) const {
    return full_ && compare_times(time, time_in(last_.value), descending_) > 0;
  }

  /// Whether there were more is said by `is_cut`.
  std::vector<Key<Row>> take() {
    if (keys_.size() > limit_) cut();
    std::ranges::sort(keys_, [this](const auto& a, const auto& b) { return before(a, b); });
    return std::move(keys_);
  }
  [[nodiscard]] bool is_cut() const { return full_; }

 private:
  [[nodiscard]] bool before(const Key<Row>& a, const Key<Row>& b) const {
    return compare_keys(a, b, descending_) < 0;
  }

  void cut() {
    const auto last = keys_.begin() + static_cast<std::ptrdiff_t>(limit_) - 1;
    std::nth_element(keys_.begin(), last, keys_.end(),
                     [this](const auto& a, const auto& b) { return before(a, b); });
    last_ = *last;
    keys_.erase(last + 1, keys_.end());
    full_ = true;
  }

  const std::size_t limit_;
  const bool descending_;
  std::vector<Key<Row>> keys_;
  bool full_ = false;  // as many as asked for are there, the last of them is last_
  Key<Row> last_;
};

/// Rows lie anywhere in memory, and a scan does little with each: without this it mostly waits for
/// the next.
template <class Row>
void fetch_ahead(std::span<const fleet::HeldPointer<Row>> rows, std::size_t at) {
  constexpr std::size_t kAhead = 8;
  constexpr std::size_t kCacheLine = 64;
  if (at + kAhead >= rows.size()) return;
  const auto* row = reinterpret_cast<const char*>(rows[at + kAhead].get());
  for (std::size_t line = 0; line < 4; ++line) __builtin_prefetch(row + line * kCacheLine);
}

/// Looks at every row: counts, and puts on the page what passes and stands after the place asked
/// for.
template <class Row>
void scan(std::span<const Standing<Row>> candidates, const ListQuery& query, FacetCounter& counter,
          std::size_t& total, Page<Row>& page) {
  const Search<Row> search(query.needle);
  for (const auto& [rows, speaks, order, times] : candidates) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      fetch_ahead<Row>(rows, i);
      const auto& row = rows[i];
      const Fit how = fit<Row>(*row, speaks, query);
      if (how.misses > 1 || (how.misses == 1 && query.facets.empty())) continue;
      if (!search.finds(*row, speaks)) continue;
      count_facets<Row>(counter, *row, speaks, query, how);
      if (how.misses > 0) continue;
      ++total;
      if (const auto key = key_of<Row>(row, speaks, query); is_after(key, query)) page.add(key);
    }
  }
}

/// Whether every row is wanted, and none needs to be looked into to know that.
inline bool wants_all(const ListQuery& query) {
  return query.needle.empty() && query.filters.empty() && query.facets.empty();
}

/// Whether every row is wanted, in the order that the fleet keeps.
template <class Row>
bool is_plain(std::span<const Standing<Row>> candidates, const ListQuery& query) {
  return !query.order && wants_all(query) &&
         std::ranges::all_of(candidates, [](const Standing<Row>& standing) {
           return standing.order.size() == standing.rows.size();
         });
}

/// Goes along that order from the place asked for, and looks at no other row. Adds one more than
/// the page holds, where there is one.
template <class Row>
void walk(std::span<const Standing<Row>> candidates, const ListQuery& query, std::size_t& total,
          Page<Row>& page) {
  std::vector<Standing<Row>> gateways;
  std::ranges::copy_if(candidates, std::back_inserter(gateways),
                       [](const Standing<Row>& standing) { return !standing.rows.empty(); });
  std::ranges::sort(gateways, {}, [](const auto& rows) { return gateway_of(*rows.rows[0]); });
  std::size_t added = 0;
  for (const Standing<Row>& held : gateways) {
    total += held.rows.size();
    const auto first = std::ranges::partition_point(held.order, [&](std::uint32_t place) {
      return !is_after(key_of<Row>(held.rows[place], true, query), query);
    });
    for (auto place = first; place != held.order.end() && added <= query.limit; ++place, ++added) {
      page.add(key_of<Row>(held.rows[*place], held.gateway_speaks, query));
    }
  }
}

/// Whether every row is wanted, in the order of the times that stand beside the rows.
template <class Row>
bool is_by_time(std::span<const Standing<Row>> candidates, const ListQuery& query) {
  return query.order && fields<Row>()[query.order->field].timed && wants_all(query) &&
         std::ranges::all_of(candidates, [](const Standing<Row>& standing) {
           return standing.times.size() == standing.rows.size();
         });
}

/// Looks at the rows whose time may earn them a place, and at no other: a hundred out of thousands.
template <class Row>
void scan_times(std::span<const Standing<Row>> candidates, const ListQuery& query,
                std::size_t& total, Page<Row>& page) {
  const bool descending = query.order->descending;
  const TimeMs from = query.after ? time_in(view(query.after->value)) : 0;
  for (const Standing<Row>& held : candidates) {
    total += held.rows.size();
    for (std::size_t i = 0; i < held.rows.size(); ++i) {
      const TimeMs time = held.times[i];
      if (page.is_beyond(time)) continue;
      if (query.after && compare_times(time, from, descending) < 0) continue;
      const auto key = key_of<Row>(held.rows[i], held.gateway_speaks, query);
      if (is_after(key, query)) page.add(key);
    }
  }
}

}  // namespace select_detail

/// One page. Costs a look at every candidate and a sort of the page alone; or of the page alone,
/// where the fleet keeps the order, or of little more, where it keeps what is sorted by.
/// `candidates` must stand until it returns; what is in the selection is its own.
template <class Row>
Selection<Row> select(std::span<const Standing<Row>> candidates, const ListQuery& query) {
  using namespace select_detail;
  Selection<Row> selection;
  FacetCounter counter(query.facets.size());
  Page<Row> page(query.limit, query.order && query.order->descending);
  if (is_plain(candidates, query)) {
    walk(candidates, query, selection.total, page);
  } else if (is_by_time(candidates, query)) {
    scan_times(candidates, query, selection.total, page);
  } else {
    scan(candidates, query, counter, selection.total, page);
  }
  const auto keys = page.take();
  if (page.is_cut()) selection.next = place_of(keys.back(), query);
  for (const Key<Row>& key : keys) selection.rows.push_back({*key.pointer, key.gateway_speaks});
  selection.facets = counter.counts();
  return selection;
}

/// Of rows that were taken out before.
template <class Row>
Selection<Row> select(const std::vector<Taken<Row>>& candidates, const ListQuery& query) {
  std::vector<Standing<Row>> standing;
  for (const auto& [row, speaks] : candidates) standing.push_back({{&row, 1}, speaks, {}, {}});
  return select<Row>(std::span<const Standing<Row>>(standing), query);
}

/// The fields of a kind of row, as the parser of parameters wants them.
template <class Row>
[[nodiscard]] std::vector<FieldSpec> field_specs() {
  const auto table = fields<Row>();
  return {table.begin(), table.end()};
}

}  // namespace cc::api
