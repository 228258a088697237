#pragma once
// Pages that can be found without looking into the rows: by what the fleet keeps beside them.

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <vector>

#include "api/query/page.h"

namespace cc::api {

/// Whether all rows are wanted, without any filter, search or facet.
inline bool wants_all(const ListQuery& query) {
  return query.needle.empty() && query.filters.empty() && query.facets.empty();
}

/// Whether every row is wanted, in the order that the fleet keeps.
template <class Row>
bool is_plain(std::span<const Standing<Row>> candidates, const ListQuery& query) {
  return query.orders.empty() && wants_all(query) &&
         std::ranges::all_of(candidates, [](const Standing<Row>& standing) {
           return standing.order.size() == standing.rows.size();
         });
}

/// Walks along that order from the page token and looks at no other row. Adds one row more than the
/// page holds, if there is one.
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
  return query.orders.size() == 1 && fields<Row>()[query.orders.front().field].timed &&
         wants_all(query) && std::ranges::all_of(candidates, [](const Standing<Row>& standing) {
           return standing.times.size() == standing.rows.size();
         });
}

/// Looks only at rows whose time may put them on the page: a hundred out of thousands.
template <class Row>
void scan_times(std::span<const Standing<Row>> candidates, const ListQuery& query,
                std::size_t& total, Page<Row>& page) {
  const bool descending = query.orders.front().descending;
  const TimeMs from = query.after ? time_in(view(query.after->values.front())) : 0;
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

/// The page, where the order asked for is one that the fleet keeps, or the times that it keeps give
/// it, and no row is left out. Costs the page and little more, so that it can be done while the
/// fleet's lock is held. Empty: every row has to be looked at, which is for Scan.
template <class Row>
std::optional<Selection<Row>> pick(std::span<const Standing<Row>> candidates,
                                   const ListQuery& query) {
  const bool plain = is_plain(candidates, query);
  if (!plain && !is_by_time(candidates, query)) return std::nullopt;
  auto page = page_for<Row>(query);
  std::size_t total = 0;
  plain ? walk(candidates, query, total, page) : scan_times(candidates, query, total, page);
  return selection_of(page, total, query);
}

}  // namespace cc::api
