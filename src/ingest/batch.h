#pragma once
// One transaction's worth: observations merged on an overlay, sealed, and written.

#include <memory>
#include <vector>

#include "base/clock.h"
#include "fleet/codec.h"
#include "fleet/merge.h"
#include "fleet/overlay.h"
#include "store/store.h"

namespace cc::ingest {

/// Use once, on the writer's thread: `add` …, `write`, then publish what it holds or drop it.
class Batch {
 public:
  Batch(const fleet::Fleet& committed, const fleet::MergeRules& rules)
      : overlay_(committed), rules_(rules) {}

  void add(const fleet::Observation& observation);
  void add_time(TimeMs now);

  /// Writes what is to be journaled in one transaction, stamped `at`. Nothing to journal: no
  /// transaction.
  [[nodiscard]] Result<void> write(store::Store& store, TimeMs at);

  [[nodiscard]] bool changes_nothing() const { return overlay_.applied().empty(); }
  [[nodiscard]] const std::vector<std::shared_ptr<fleet::ChangeSet>>& changes() const {
    return overlay_.applied();
  }
  /// Numbered and in order; empty before `write`.
  [[nodiscard]] const std::vector<fleet::JournalEntry>& entries() const { return entries_; }
  [[nodiscard]] std::size_t rows_written() const { return rows_.size(); }

 private:
  void keep(fleet::ChangeSet changes);
  [[nodiscard]] Result<void> write_journal(store::Transaction& transaction, TimeMs at);
  [[nodiscard]] Result<void> write_rows(store::Transaction& transaction);
  void collect(const std::vector<fleet::RowWrite>& rows);

  fleet::Overlay overlay_;
  const fleet::MergeRules& rules_;
  std::vector<fleet::JournalEntry> entries_;
  /// The last write of each row: several changes of one row in a batch write it once.
  std::vector<fleet::RowWrite> rows_;
  fleet::TextMap<std::size_t> row_index_;
};

}  // namespace cc::ingest
