#pragma once
// What waits, and who is next: a lane for each client, and a turn for each lane, so that a client
// with many tasks delays only itself.

#include <cstddef>
#include <deque>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace cc::workers {

/// Not thread-safe. Costs nothing for a lane in which nothing waits.
template <class Task>
class Lanes {
 public:
  explicit Lanes(std::size_t most_per_lane) : most_(most_per_lane) {}

  /// Behind the others of its lane. False: as many as may wait there do; the task is left alone.
  [[nodiscard]] bool push(std::string_view lane, Task&& task) {
    auto& waiting = obtain(lane)->tasks;
    if (waiting.size() >= most_) return false;
    waiting.push_back(std::move(task));
    ++size_;
    return true;
  }

  /// Ahead of the others of its lane, which has its next turn after the other lanes. For a task
  /// that was taken out and is not done; never refused.
  void put_back(std::string_view lane, Task task) {
    obtain(lane)->tasks.push_front(std::move(task));
    ++size_;
  }

  /// The first task of the lane whose turn it is; empty where nothing waits.
  [[nodiscard]] std::optional<Task> pop() {
    if (turns_.empty()) return std::nullopt;
    const auto lane = turns_.begin();
    Task task = std::move(lane->tasks.front());
    lane->tasks.pop_front();
    --size_;
    if (lane->tasks.empty()) {
      by_name_.erase(lane->name);
      turns_.erase(lane);
    } else {
      turns_.splice(turns_.end(), turns_, lane);
    }
    return task;
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

 private:
  struct Lane {
    std::string name;
    std::deque<Task> tasks;
  };
  using Turns = std::list<Lane>;

  typename Turns::iterator obtain(std::string_view name) {
    if (const auto found = by_name_.find(name); found != by_name_.end()) return found->second;
    turns_.push_back({std::string(name), {}});
    const auto lane = std::prev(turns_.end());
    by_name_.emplace(lane->name, lane);
    return lane;
  }

  const std::size_t most_;
  std::size_t size_ = 0;
  Turns turns_;  // the next first; every one has a task
  std::unordered_map<std::string_view, typename Turns::iterator> by_name_;  // views into `turns_`
};

}  // namespace cc::workers
