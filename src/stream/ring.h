#pragma once
// The latest committed entries, once, for all readers.

#include <cstddef>
#include <deque>
#include <vector>

#include "base/cursor.h"
#include "base/guarded.h"
#include "stream/batch.h"

namespace cc::stream {

/// Thread-safe; its lock is held for as long as it takes to copy a batch's views.
class Ring {
 public:
  struct Limits {
    std::size_t entries = 0;
    std::size_t bytes = 0;  // of what goes out; the slabs' own overhead comes on top
  };

  /// Empty, at `head`: where the journal stood when nothing had been published yet.
  Ring(Limits limits, Cursor head);

  /// Entries that follow on the head. The oldest go until the rest is within the limits; the newest
  /// always stays.
  void append(std::vector<Encoded> entries, const Epoch& epoch);

  /// Of the newest published entry.
  [[nodiscard]] Cursor head() const;
  /// The oldest place that it can serve: readers behind it need the journal.
  [[nodiscard]] Seq from() const;

  /// Fills `batch`, made for the place `after`. False where the ring does not reach back to it.
  [[nodiscard]] bool fill(Seq after, Batch& batch) const;

 private:
  void evict() REQUIRES(mutex_);

  const Limits limits_;
  mutable Mutex mutex_;
  Cursor head_ GUARDED_BY(mutex_);
  std::deque<Encoded> entries_
      GUARDED_BY(mutex_);  // numbered without holes, the last one head_.seq
  std::size_t bytes_ GUARDED_BY(mutex_) = 0;
};

}  // namespace cc::stream
