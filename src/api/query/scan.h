#pragma once
// A page that is found by looking at every row, a part of them at a time.

#include <cstddef>
#include <span>
#include <utility>

#include "api/query/page.h"
#include "api/query/row_match.h"

namespace cc::api {

/// Prefetches the next rows: they are anywhere in memory, and a scan would mostly wait for them.
template <class Row>
void fetch_ahead(std::span<const fleet::HeldPointer<Row>> rows, std::size_t at) {
  constexpr std::size_t kAhead = 8;
  constexpr std::size_t kCacheLine = 64;
  if (at + kAhead >= rows.size()) return;
  const auto* row = reinterpret_cast<const char*>(rows[at + kAhead].get());
  for (std::size_t line = 0; line < 4; ++line) __builtin_prefetch(row + line * kCacheLine);
}

/// Filters, counts by facets, and keeps the first rows after the place asked for. What it is made
/// of must stand as long as it does; a selection taken from it is its own.
template <class Row>
class Scan {
 public:
  Scan(std::span<const Standing<Row>> candidates, const ListQuery& query)
      : left_(candidates),
        query_(query),
        search_(query.needle),
        counter_(query.facets.size()),
        page_(page_for<Row>(query)) {}

  /// Looks at the next `rows` of them at most; false once there are no more.
  bool step(std::size_t rows) {
    while (!left_.empty() && rows > 0) {
      const Standing<Row>& group = left_.front();
      for (; at_ < group.rows.size() && rows > 0; ++at_, --rows) look_at(group);
      if (at_ < group.rows.size()) break;
      left_ = left_.subspan(1);
      at_ = 0;
    }
    return !left_.empty();
  }

  /// Once `step` has said that there are no more rows.
  Selection<Row> take() {
    auto selection = selection_of(page_, total_, query_);
    selection.facets = counter_.counts();
    return selection;
  }

 private:
  void look_at(const Standing<Row>& group) {
    fetch_ahead<Row>(group.rows, at_);
    const auto& row = group.rows[at_];
    const bool speaks = group.gateway_speaks;
    const Fit how = fit<Row>(*row, speaks, query_);
    if (how.misses > 1 || (how.misses == 1 && query_.facets.empty())) return;
    if (!search_.finds(*row, speaks)) return;
    count_facets<Row>(counter_, *row, speaks, query_, how);
    if (how.misses > 0) return;
    ++total_;
    if (const auto key = key_of<Row>(row, speaks, query_); is_after(key, query_)) page_.add(key);
  }

  std::span<const Standing<Row>> left_;  // the first from `at_` on
  std::size_t at_ = 0;
  const ListQuery& query_;
  const Search<Row> search_;
  FacetCounter counter_;
  std::size_t total_ = 0;
  Page<Row> page_;
};

}  // namespace cc::api
