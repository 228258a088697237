#pragma once
// The fleet as the world may see it: committed rows, and the cursor they stand at.

#include <mutex>
#include <shared_mutex>
#include <utility>

#include "base/cursor.h"
#include "fleet/fleet.h"

namespace cc::fleet {

/// Many readers, one writer (ingest). Thread-safe. Keep what is done inside short: rows are shared,
/// so a reader can take pointers out and encode them afterwards.
class PublishedFleet {
 public:
  PublishedFleet(Fleet fleet, Cursor head) : fleet_(std::move(fleet)), head_(std::move(head)) {
    fleet_.settle();
  }

  /// `visit(const Fleet&, const Cursor&)`, consistent with each other.
  template <class Visit>
  decltype(auto) read(Visit&& visit) const {
    const std::shared_lock lock = enter();
    return std::forward<Visit>(visit)(std::as_const(fleet_), std::as_const(head_));
  }

  /// `change(Fleet&, Cursor&)`. The writer takes the gate first: std::shared_mutex prefers readers
  /// here, and a steady stream of them would starve it.
  template <class Change>
  void write(Change&& change) {
    const std::scoped_lock turn(gate_);
    const std::unique_lock lock(mutex_);
    std::forward<Change>(change)(fleet_, head_);
  }

  /// For the writer's own thread, which alone changes the fleet and so reads it without the lock.
  [[nodiscard]] const Fleet& for_writer() const { return fleet_; }

 private:
  [[nodiscard]] std::shared_lock<std::shared_mutex> enter() const {
    const std::scoped_lock turn(gate_);  // see `write`
    return std::shared_lock(mutex_);
  }

  mutable std::mutex gate_;
  mutable std::shared_mutex mutex_;
  Fleet fleet_;
  Cursor head_;
};

}  // namespace cc::fleet
