#pragma once
// Gathers a page of the journal in small steps, so that a strict filter neither blocks the thread
// nor reads for ever.

#include <cstddef>
#include <vector>

#include "api/resources/journal/entry_filter.h"
#include "base/result.h"
#include "store/store.h"

namespace cc::api {

/// Ends when the page is full, a bound is reached, or the journal ends. `looked_at` then says how
/// far it came, even if nothing passed the filter.
class JournalScan {
 public:
  static constexpr std::size_t kMaxPageBytes =
      1U << 20U;  // of bodies; the one that passes it is the last
  static constexpr std::size_t kMaxScanned = 20'000;          // entries
  static constexpr std::size_t kMaxScannedBytes = 8U << 20U;  // of their bodies

  enum class Direction { kForward, kBackward };
  enum class State { kGoesOn, kDone };

  /// Forward: entries from `place` on. Backward: those before it.
  JournalScan(Direction direction, Seq place, std::size_t limit, EntryFilter filter);

  /// Reads the next slice. Where nothing is filtered the first is the whole page.
  [[nodiscard]] Result<State> step(store::JournalReader& reader);

  /// What passed, oldest first. Once it is done.
  [[nodiscard]] const std::vector<journal::Entry>& entries() const { return entries_; }
  /// Everything from `low` up to but without `high` was looked at.
  struct Range {
    Seq low = 0;
    Seq high = 0;
  };
  [[nodiscard]] Range looked_at() const { return range_; }
  /// Of the journal, when the last slice was read.
  [[nodiscard]] const journal::Position& position() const { return position_; }

 private:
  [[nodiscard]] Result<store::JournalPage> read_slice(store::JournalReader& reader) const;
  State look_through(std::vector<journal::Entry> slice);
  [[nodiscard]] bool follows(Seq seq) const;
  void look_at(journal::Entry entry);
  [[nodiscard]] bool is_full() const;
  [[nodiscard]] bool is_at_the_end() const;
  State finish();

  Direction direction_;
  Range range_;
  std::size_t limit_;
  EntryFilter filter_;
  std::vector<journal::Entry> entries_;
  std::size_t bytes_ = 0;  // of `entries_`
  std::size_t scanned_ = 0;
  std::size_t scanned_bytes_ = 0;
  journal::Position position_;
};

}  // namespace cc::api
