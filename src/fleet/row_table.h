#pragma once
// Rows of one kind, found by identity and standing side by side: what lists do is to look at all of
// them.

#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

namespace cc::fleet {

/// The index holds views into the rows themselves, which therefore must not be written to while
/// they are in here. In the order in which they came, until one is removed: the last then takes its
/// place.
template <class Row>
class RowTable {
 public:
  using Pointer = std::shared_ptr<const Row>;

  /// Null where there is none.
  [[nodiscard]] const Pointer* find(std::string_view id) const {
    const auto found = places_.find(id);
    return found == places_.end() ? nullptr : &rows_[found->second];
  }

  /// Takes the place of the row with the same identity.
  void put(Pointer row) {
    const auto [found, is_new] = places_.try_emplace(row->identity(), rows_.size());
    if (is_new) {
      rows_.push_back(std::move(row));
      return;
    }
    const std::size_t place = found->second;
    places_.erase(found);  // its view is into the row that goes
    places_.emplace(row->identity(), place);
    rows_[place] = std::move(row);
  }

  void erase(std::string_view id) {
    const auto found = places_.find(id);
    if (found == places_.end()) return;
    const std::size_t place = found->second;
    places_.erase(found);
    if (place + 1 < rows_.size()) {
      rows_[place] = std::move(rows_.back());
      places_.find(rows_[place]->identity())->second = place;
    }
    rows_.pop_back();
  }

  [[nodiscard]] std::span<const Pointer> rows() const { return rows_; }
  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  [[nodiscard]] auto begin() const { return rows_.begin(); }
  [[nodiscard]] auto end() const { return rows_.end(); }

 private:
  std::vector<Pointer> rows_;
  boost::unordered_flat_map<std::string_view, std::size_t> places_;
};

}  // namespace cc::fleet
