#pragma once
// Whose database it is, and which schema it has. Tables: docs/format/database.md.

#include <filesystem>

#include <SQLiteCpp/Database.h>

#include "base/result.h"

namespace cc::store {

/// In the file's header, so that another program's database is never taken for ours: "CCon".
inline constexpr int kApplicationId = 0x43436F6E;
/// PRAGMA user_version of what this release writes.
inline constexpr int kSchemaVersion = 2;

/// Reads only. Fails with kCorrupt (another program's) or kNewerSchema. An empty file is ours to
/// fill.
[[nodiscard]] Result<void> check_ownership(SQLite::Database& db, const std::filesystem::path& file);

/// Takes the schema from what it is to kSchemaVersion, each step in a transaction of its own.
/// Throws SQLite::Exception. What was done stays done, so an interrupted migration goes on at the
/// next start.
void migrate(SQLite::Database& db);

}  // namespace cc::store
