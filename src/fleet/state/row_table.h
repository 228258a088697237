#pragma once
// A table of rows of one kind: found by identity, and stored contiguously for scans.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/clock.h"
#include "fleet/rows/held.h"
#include "fleet/state/identity_hash.h"
#include "fleet/state/row_bytes.h"

namespace cc::fleet {

/// Stands for null in an array of times.
inline constexpr TimeMs kNoTime = std::numeric_limits<TimeMs>::min();

/// The index holds views into the rows themselves, which therefore must not be written to while
/// they are in here. In the order in which they came, until one is removed: the last then takes its
/// place. Beside them, their places in the order of identities, and the times that most lists are
/// sorted by.
template <class Row>
class RowTable {
 public:
  using Pointer = HeldPointer<Row>;
  using Index = std::uint32_t;

  /// Null where there is none.
  [[nodiscard]] const Pointer* find(std::string_view id) const {
    const auto found = indices_.find(id);
    return found == indices_.end() ? nullptr : &rows_[found->second];
  }

  /// Reserves room for this many rows.
  void reserve(std::size_t rows) {
    rows_.reserve(rows);
    order_.reserve(rows);
    if constexpr (kHasTimes) times_.reserve(rows);
    indices_.reserve(rows);
  }

  /// Adds the row, or replaces the one with the same identity.
  void put(Pointer row) {
    const auto [found, is_new] =
        indices_.try_emplace(row->identity(), static_cast<Index>(rows_.size()));
    bytes_ += bytes_of(*row);
    if (is_new) return append(std::move(row));
    const Index index = found->second;
    bytes_ -= bytes_of(*rows_[index]);
    indices_.erase(found);  // its view is into the row that goes
    indices_.emplace(row->identity(), index);
    if constexpr (kHasTimes) times_[index] = time_of(*row);
    rows_[index] = std::move(row);
  }

  void erase(std::string_view id) {
    const auto found = indices_.find(id);
    if (found == indices_.end()) return;
    restore_order();
    const Index index = found->second;
    bytes_ -= bytes_of(*rows_[index]);
    order_.erase(in_order(id));
    sorted_ = order_.size();
    indices_.erase(found);
    if (index + 1 < rows_.size()) {
      *in_order(rows_.back()->identity()) = index;
      rows_[index] = std::move(rows_.back());
      indices_.find(rows_[index]->identity())->second = index;
      if constexpr (kHasTimes) times_[index] = times_.back();
    }
    rows_.pop_back();
    if constexpr (kHasTimes) times_.pop_back();
  }

  /// Brings `order` up to date. To add many and restore it once costs much less than to restore it
  /// after each.
  void restore_order() {
    if (sorted_ == order_.size()) return;
    std::vector<Index> added(order_.begin() + static_cast<std::ptrdiff_t>(sorted_), order_.end());
    order_.resize(sorted_);
    if (added.size() <= kFew) {
      for (const Index index : added) order_.insert(in_order(rows_[index]->identity()), index);
    } else {
      merge(std::move(added));
    }
    sorted_ = order_.size();
  }

  [[nodiscard]] std::span<const Pointer> rows() const { return rows_; }
  /// Into `rows`. Only once the order is restored.
  [[nodiscard]] std::span<const Index> order() const { return order_; }
  /// `updated_at` of each of `rows`, or kNoTime; nothing for kinds of rows that have none.
  [[nodiscard]] std::span<const TimeMs> times() const { return times_; }
  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  /// Of memory, about.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] auto begin() const { return rows_.begin(); }
  [[nodiscard]] auto end() const { return rows_.end(); }

 private:
  static constexpr std::size_t kFew = 8;
  static constexpr bool kHasTimes = requires(const Held<Row>& row) { row.updated_at(); };

  [[nodiscard]] auto by_identity() const {
    return [this](Index index) -> std::string_view { return rows_[index]->identity(); };
  }

  /// Where the identity stands among those that are sorted, or would stand.
  [[nodiscard]] auto in_order(std::string_view id) {
    return std::ranges::lower_bound(order_, id, {}, by_identity());
  }

  [[nodiscard]] static TimeMs time_of(const Held<Row>& row) {
    return row.updated_at().value_or(kNoTime);
  }

  void append(Pointer row) {
    const bool is_last = sorted_ == order_.size() &&
                         (rows_.empty() || by_identity()(order_.back()) < row->identity());
    if (is_last) ++sorted_;
    order_.push_back(static_cast<Index>(rows_.size()));
    if constexpr (kHasTimes) times_.push_back(time_of(*row));
    rows_.push_back(std::move(row));
  }

  /// Finds the positions of new rows by binary search: a comparison accesses rows, a move only
  /// shifts numbers.
  void merge(std::vector<Index> added) {
    std::ranges::sort(added, {}, by_identity());
    std::vector<Index> merged;
    merged.reserve(order_.size() + added.size());
    auto from = order_.begin();
    for (const Index index : added) {
      const auto to =
          std::ranges::lower_bound(from, order_.end(), by_identity()(index), {}, by_identity());
      merged.insert(merged.end(), from, to);
      merged.push_back(index);
      from = to;
    }
    merged.insert(merged.end(), from, order_.end());
    order_ = std::move(merged);
  }

  std::vector<Pointer> rows_;
  boost::unordered_flat_map<std::string_view, Index, IdentityHash> indices_;
  std::vector<Index> order_;  // the first `sorted_` by identity, then those that came since
  std::size_t sorted_ = 0;
  std::vector<TimeMs> times_;
  std::size_t bytes_ = 0;
};

}  // namespace cc::fleet
