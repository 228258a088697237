#pragma once
// Change sets into journal entries. The one place that encodes for the journal, the state table and
// the stream.

#include <vector>

#include "fleet/change_set.h"
#include "journal/entry.h"

namespace cc::journal {

struct EncodedChanges {
  std::vector<Entry> entries;
  /// In the order of the entries. Views into `entries` (so: move it, never copy it) and into the
  /// change set.
  std::vector<RowWrite> rows;

  EncodedChanges() = default;
  EncodedChanges(EncodedChanges&&) = default;
  EncodedChanges& operator=(EncodedChanges&&) = default;
  EncodedChanges(const EncodedChanges&) = delete;
  EncodedChanges& operator=(const EncodedChanges&) = delete;
};

/// Encodes a journaled change set into entries numbered from `first`, and writes each row's
/// version. `changes` must outlive the result.
[[nodiscard]] EncodedChanges encode(fleet::ChangeSet& changes, Seq first, TimeMs at);

}  // namespace cc::journal
