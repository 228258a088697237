#pragma once
// The store on SQLite: one file in WAL mode, one writer connection, readers on their own read-only
// connections. File format: docs/format/database.md. Only the writer checkpoints, between commits.

#include <filesystem>
#include <memory>

#include "store/store.h"

namespace cc::store {

struct SqliteOptions {
  std::filesystem::path file;
  Durability durability = Durability::kFull;
  /// Identifies this run of the machine (/proc/sys/kernel/random/boot_id); in `relaxed` another one
  /// than last time, without a clean stop in between, draws a new epoch.
  std::string boot_id;
  /// The SQLite VFS to go through; empty: the default one. The seam at which tests make the disk
  /// fail.
  std::string vfs;
};

/// Opens or makes the database (mode 0600) and brings an older schema up to date. Its folder must
/// exist. Until the store is gone, a second opening fails with kInUse, in this process or another;
/// FILE-lock beside it is the lock. Errors, each a sentence that names the file: kNewerSchema,
/// kCorrupt (not a database, another program's, damaged), kInUse (another process has it),
/// kUnavailable (cannot be opened or written).
[[nodiscard]] Result<std::unique_ptr<Store>> open_sqlite(const SqliteOptions& options);

}  // namespace cc::store
