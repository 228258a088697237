#pragma once
// The fleet that readers see: committed rows, and the cursor at which they are true.

#include <utility>

#include "base/cursor.h"
#include "base/guarded.h"
#include "fleet/state/fleet.h"

namespace cc::fleet {

/// Many readers, one writer (ingest). Thread-safe. Keep the visits short: take pointers to rows
/// out, and encode them afterwards.
class PublishedFleet {
 public:
  PublishedFleet(Fleet fleet, Cursor head) : fleet_(std::move(fleet)), head_(std::move(head)) {
    fleet_.restore_order();
  }

  /// `visit(const Fleet&, const Cursor&)`, consistent with each other.
  template <class Visit>
  decltype(auto) read(Visit&& visit) const {
    const ReaderLock lock(mutex_);
    return std::forward<Visit>(visit)(std::as_const(fleet_), std::as_const(head_));
  }

  /// `change(Fleet&, Cursor&)`.
  template <class Change>
  void write(Change&& change) {
    const WriterLock lock(mutex_);
    std::forward<Change>(change)(fleet_, head_);
  }

  /// For the writer's thread only. It alone changes the fleet, so it reads without the lock.
  [[nodiscard]] const Fleet& for_writer() const NOT_CHECKED_FOR_LOCKS { return fleet_; }

 private:
  mutable SharedMutex mutex_;
  Fleet fleet_ GUARDED_BY(mutex_);
  Cursor head_ GUARDED_BY(mutex_);
};

}  // namespace cc::fleet
