#pragma once
// Is told what was published, as rows rather than bytes. Defined here, so that `ingest` need not
// know its listeners.

#include <memory>
#include <span>

#include "base/clock.h"
#include "base/cursor.h"
#include "fleet/change_set.h"

namespace cc::fleet {

class ChangeListener {
 public:
  virtual ~ChangeListener() = default;
  /// After a transaction was published, on the writer's thread, in order: what it changed, when it
  /// was committed, and the newest entry. Must be short: no I/O.
  virtual void published(std::span<const std::shared_ptr<ChangeSet>> changes, TimeMs at,
                         const Cursor& head) = 0;
};

}  // namespace cc::fleet
