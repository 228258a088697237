#pragma once
// A page of a list while it is looked for.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include "api/query/facets.h"
#include "api/query/row_order.h"

namespace cc::api {

/// What a list shows.
template <class Row>
struct Selection {
  std::vector<Taken<Row>> rows;
  std::size_t total = 0;          // that pass the filters, on all pages
  std::optional<PageToken> next;  // empty: this was the last page
  FacetCounts facets;             // in the order asked for
};

/// Keeps the first `limit` keys. Holds up to four times as many, so that they stay in cache. Most
/// keys are compared once, with the last one that is still on the page.
template <class Row>
class Page {
 public:
  /// `orders` must stand as long as the page does.
  Page(std::size_t limit, Orders orders) : limit_(limit), orders_(orders) {}

  void add(const Key<Row>& key) {
    if (full_ && before(last_, key)) return;
    keys_.push_back(key);
    if (keys_.size() >= 4 * limit_) cut();
  }

  /// Whether a row with this time can certainly not be on the page, which is in the order of times.
  [[nodiscard]] bool is_beyond(TimeMs time) const {
    return full_ && compare_times(time, time_in(last_.value), orders_.front().descending) > 0;
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
    return compare_keys(a, b, orders_) < 0;
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
  const Orders orders_;
  std::vector<Key<Row>> keys_;
  bool full_ = false;  // as many as asked for are there, the last of them is last_
  Key<Row> last_;
};

/// What the page comes to; it is used up.
template <class Row>
Selection<Row> selection_of(Page<Row>& page, std::size_t total, const ListQuery& query) {
  Selection<Row> selection{.rows = {}, .total = total, .next = {}, .facets = {}};
  const auto keys = page.take();
  if (page.is_cut()) selection.next = token_of(keys.back(), query);
  for (const Key<Row>& key : keys) selection.rows.push_back({*key.pointer, key.gateway_speaks});
  return selection;
}

template <class Row>
Page<Row> page_for(const ListQuery& query) {
  return Page<Row>(query.limit, query.orders);
}

}  // namespace cc::api
