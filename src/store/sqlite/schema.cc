#include "store/sqlite/schema.h"

#include <array>

#include <SQLiteCpp/Transaction.h>

namespace cc::store {
namespace {

// Steps in order; the first leads from an empty file to schema 1. A released step is never changed.
//
// `state` is one table for all kinds: they have the same columns, one statement writes them all,
// and loading is one scan. Its rows are small and always found by their key, so they stand in the
// key's own tree (WITHOUT ROWID).
constexpr std::array<const char*, kSchemaVersion> kSteps{
    R"sql(
CREATE TABLE meta(
  key TEXT PRIMARY KEY,
  value ANY NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE journal(
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  gateway TEXT NOT NULL,
  event TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE TABLE state(
  kind INTEGER NOT NULL,
  gateway TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  json TEXT NOT NULL,
  PRIMARY KEY(kind, gateway, id)
) STRICT, WITHOUT ROWID;
)sql",
    // Rows of commands, approvals and jobs can be in it, which a release of schema 1 does not know.
    "-- the tables stay as they are"};

int pragma_number(SQLite::Database& db, const char* pragma) {
  return db.execAndGet(std::string("PRAGMA ") + pragma).getInt();
}

bool is_empty(SQLite::Database& db) {
  return db.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() == 0;
}

}  // namespace

Result<void> check_ownership(SQLite::Database& db, const std::filesystem::path& file) {
  const int owner = pragma_number(db, "application_id");
  const int version = pragma_number(db, "user_version");
  if (owner == 0 && version == 0 && is_empty(db)) return {};
  if (owner != kApplicationId) {
    return fail(ErrorCode::kCorrupt, "the database " + file.string() +
                                         " belongs to another program; it was left as it is");
  }
  if (version > kSchemaVersion) {
    return fail(ErrorCode::kNewerSchema,
                "the database " + file.string() + " was written by a newer release (schema " +
                    std::to_string(version) + ", this one knows " + std::to_string(kSchemaVersion) +
                    "); it was left as it is");
  }
  return {};
}

void migrate(SQLite::Database& db) {
  for (int version = pragma_number(db, "user_version"); version < kSchemaVersion; ++version) {
    SQLite::Transaction step(db, SQLite::TransactionBehavior::IMMEDIATE);
    db.exec(kSteps.at(static_cast<std::size_t>(version)));
    if (version == 0) db.exec("PRAGMA application_id=" + std::to_string(kApplicationId));
    db.exec("PRAGMA user_version=" + std::to_string(version + 1));
    step.commit();
  }
}

}  // namespace cc::store
