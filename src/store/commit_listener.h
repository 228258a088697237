#pragma once
// Is told of committed entries. Defined here, so that `ingest` need not know the stream.

#include <span>

#include "base/cursor.h"
#include "journal/entry.h"

namespace cc::store {

class CommitListener {
 public:
  virtual ~CommitListener() = default;
  /// After a commit, on the writer's thread, inside the section that publishes the same change to
  /// the fleet. Entries are in order and follow on those of the last call. Must be short: no I/O.
  virtual void committed(std::span<const journal::Entry> entries, const Epoch& epoch) = 0;
  /// Right after that section: wake the readers. Never blocks.
  virtual void wake() = 0;
};

}  // namespace cc::store
