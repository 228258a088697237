#pragma once
// The latest committed entries, once, for all readers.

#include <cstddef>
#include <deque>
#include <vector>

#include "base/cursor.h"
#include "base/guarded.h"
#include "stream/slice.h"

namespace cc::stream {

/// Thread-safe. The lock is held only while a slice's views are copied.
class Ring {
 public:
  struct Limits {
    std::size_t entries = 0;
    std::size_t bytes = 0;  // of what is sent; the slabs need a little more
  };

  /// Empty, at `head`: the head of the journal before anything is published.
  Ring(Limits limits, Cursor head);

  /// Appends entries that follow the head. Removes the oldest until the rest is within the limits;
  /// the newest always stays.
  void append(std::vector<Encoded> entries, const Epoch& epoch);

  /// The cursor of the newest published entry.
  [[nodiscard]] Cursor head() const;
  /// The oldest place that it can serve. Readers behind it need the journal.
  [[nodiscard]] Seq from() const;

  /// Fills `slice`, which was made for the place `after`. False if the ring does not reach back to
  /// it.
  [[nodiscard]] bool fill(Seq after, Slice& slice) const;

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
