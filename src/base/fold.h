#pragma once
// Lets what happens again and again be told once and counted from then on, so that a flood of it
// costs neither time nor what was told before it.

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace cc {

/// Tells apart by key. Times are of any one clock; where it steps back, the window ends. Pure. Not
/// thread-safe. Memory is bounded.
template <class Key>
class Fold {
 public:
  static constexpr Millis kWindow{60'000};
  /// Keys told apart in a window.
  static constexpr std::size_t kMaxApart = 60;

  struct Counted {
    Key key;
    std::uint64_t times = 0;
    Millis last{0};
  };

  /// Whether it is to be told now; if not, it is counted. `others` takes its place where too many
  /// are told apart already; there is to be only a handful of those.
  [[nodiscard]] bool passes(const Key& key, const Key& others, Millis now) {
    if (counted_.empty()) began_ = now;
    const bool is_known = counted_.contains(key);
    if (!is_known && counted_.size() < kMaxApart) {
      counted_.emplace(key, Tally());
      return true;
    }
    Tally& tally = counted_[is_known ? key : others];
    ++tally.times;
    tally.last = now;
    return false;
  }

  /// What was counted in the window, once that is over.
  [[nodiscard]] std::vector<Counted> take_due(Millis now) {
    const bool is_over = now < began_ || now - began_ >= kWindow;
    return is_over ? take_all() : std::vector<Counted>();
  }
  [[nodiscard]] std::vector<Counted> take_all() {
    std::vector<Counted> due;
    for (const auto& [key, tally] : std::exchange(counted_, {})) {
      if (tally.times > 0) due.push_back({key, tally.times, tally.last});
    }
    return due;
  }

 private:
  struct Tally {
    std::uint64_t times = 0;  // those that were not told
    Millis last{0};
  };
  std::map<Key, Tally> counted_;
  Millis began_{0};
};

}  // namespace cc
