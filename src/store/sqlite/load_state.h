#pragma once
// Loads the stored rows with two threads, which read from both ends of the table until they meet.
// Each parses a row in place, without copying it first.

#include <SQLiteCpp/Database.h>

#include "base/result.h"
#include "fleet/state/fleet.h"
#include "store/sqlite/connection.h"

namespace cc::store {

/// Every state row. Reads over `db`, which no one else may use meanwhile, and where there are many
/// rows also over a connection of its own to `file`. Nobody may write to the file until it returns.
/// kCorrupt, naming it, where a row cannot be read; throws SQLite::Exception.
[[nodiscard]] Result<fleet::Fleet> load_state(SQLite::Database& db, const DatabaseFile& file);

}  // namespace cc::store
