#pragma once
// When numbers may have been handed out twice, and so a new epoch is due (docs/format/database.md,
// "Epochs").

#include <optional>
#include <string>

#include <SQLiteCpp/Database.h>

#include "base/cursor.h"
#include "store/store.h"

namespace cc::store {

/// What the run before this one left behind.
struct LastRun {
  std::optional<Epoch> epoch;  // none: the database is new
  bool restored = false;       // the file is a backup's copy
  Durability durability = Durability::kFull;
  std::string boot_id;
  bool stopped_cleanly = false;
};

/// `boot_id` is this run's. Only a relaxed run can lose commits, and only when the machine went
/// down under it; where it cannot be told whether it did, it did.
[[nodiscard]] bool needs_new_epoch(const LastRun& last, const std::string& boot_id);

/// In one transaction: draws a new epoch where one is due, takes the backup mark away, and notes
/// this run. Throws SQLite::Exception.
void decide_epoch(SQLite::Database& db, Durability durability, const std::string& boot_id);

}  // namespace cc::store
