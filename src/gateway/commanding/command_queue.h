#pragma once
// Which command's turn it is: in their order within a session, so many at a time, and none before
// there was a moment to take it back. Pure; time is handed in.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "fleet/rows/rows.h"
#include "fleet/rules/command_rules.h"

namespace cc::gateway {

using fleet::kMostInFlight;
/// A decision from the dashboard can be taken back for so long.
inline constexpr Millis kSecondThoughts{2'000};

/// Of one gateway, on the link's thread. Holds the rows of commands that have not ended.
class CommandQueue {
 public:
  using Row = std::shared_ptr<const fleet::Command>;

  /// A row as it was published, again and again as it changes. One that has ended is forgotten.
  /// `now` and `wall` are of the same moment.
  void published(Row row, SteadyTime now, TimeMs wall);

  /// The next one whose turn it is, if `may` lets its kind be sent. It counts as under way until it
  /// is `put_back` or has ended.
  [[nodiscard]] Row take(SteadyTime now, const std::function<bool(const fleet::Command&)>& may);
  /// When `take` may have something that it has not now; empty: only after something happened.
  [[nodiscard]] std::optional<SteadyTime> next_at(SteadyTime now) const;

  /// It was not sent after all; not before `at` is it tried again.
  void put_back(const std::string& id, SteadyTime at);
  /// The row as it stands; null where it has ended or was never known.
  [[nodiscard]] Row find(const std::string& id) const;
  [[nodiscard]] std::size_t in_flight() const;
  [[nodiscard]] bool empty() const { return items_.empty(); }

 private:
  struct Item {
    Row row;
    SteadyTime ready_at{};
    bool under_way = false;
  };

  std::map<std::string, Item> items_;  // by id, which is the order in which they were given
};

}  // namespace cc::gateway
