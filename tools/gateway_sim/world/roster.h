#pragma once
// Things with a name, reached by name and by place. Taking one out moves the last into its place,
// so both ways stay cheap with a hundred thousand of them. Addresses are stable while the thing is
// in.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace cc::sim {

/// `T` has `const std::string& identity() const`, which does not change while it is in.
template <class T>
class Roster {
 public:
  [[nodiscard]] std::size_t size() const { return items_.size(); }
  [[nodiscard]] bool empty() const { return items_.empty(); }
  [[nodiscard]] T& at(std::size_t place) { return *items_[place]; }
  [[nodiscard]] const T& at(std::size_t place) const { return *items_[place]; }

  [[nodiscard]] T* find(const std::string& name) {
    const auto found = places_.find(name);
    return found == places_.end() ? nullptr : items_[found->second].get();
  }
  [[nodiscard]] const T* find(const std::string& name) const {
    const auto found = places_.find(name);
    return found == places_.end() ? nullptr : items_[found->second].get();
  }

  /// The one of that name is replaced if there is one.
  T& add(T item) {
    if (T* held = find(item.identity())) return *held = std::move(item);
    places_.emplace(item.identity(), items_.size());
    items_.push_back(std::make_unique<T>(std::move(item)));
    return *items_.back();
  }

  bool remove(const std::string& name) {
    const auto found = places_.find(name);
    if (found == places_.end()) return false;
    const std::size_t place = found->second;
    places_.erase(found);
    if (place + 1 != items_.size()) {
      items_[place] = std::move(items_.back());
      places_[items_[place]->identity()] = place;
    }
    items_.pop_back();
    return true;
  }

  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }

 private:
  std::vector<std::unique_ptr<T>> items_;
  std::unordered_map<std::string, std::size_t> places_;
};

}  // namespace cc::sim
