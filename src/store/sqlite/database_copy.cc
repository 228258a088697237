#include "store/sqlite/database_copy.h"

#include <algorithm>
#include <vector>

#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Transaction.h>
#include <sqlite3.h>

#include "store/sqlite/journal_position.h"
#include "store/sqlite/meta.h"
#include "store/sqlite/schema.h"

namespace cc::store {
namespace {

constexpr std::size_t kPartBytes = 4U << 20U;
// Each round copies what was written during the one before. A bound, so that a writer that is
// quicker than the copy does not keep it running for ever.
constexpr int kRounds = 3;

constexpr const char* kEntries = "SELECT * FROM journal WHERE seq > ?1 AND seq <= ?2 ORDER BY seq";

std::uint64_t pragma(SQLite::Database& db, const char* name) {
  return static_cast<std::uint64_t>(db.execAndGet(std::string("PRAGMA ") + name).getInt64());
}

std::uint64_t used_bytes(SQLite::Database& db) {
  return (pragma(db, "page_count") - pragma(db, "freelist_count")) * pragma(db, "page_size");
}

std::vector<std::string> other_tables(SQLite::Database& db) {
  SQLite::Statement names(
      db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'journal'");
  std::vector<std::string> tables;
  while (names.executeStep()) tables.push_back(names.getColumn(0).getString());
  return tables;
}

SQLite::Database make_target(const DatabaseFile& file) {
  SQLite::Database db = connect_writer(file);
  // A copy that is cut off is thrown away, so nothing has to be rolled back after a crash.
  db.exec("PRAGMA journal_mode=MEMORY");
  db.exec("PRAGMA synchronous=NORMAL");
  migrate(db);
  return db;
}

std::string insert_into(const std::string& table, int columns) {
  std::string sql = "INSERT INTO " + table + " VALUES(?";
  for (int i = 1; i < columns; ++i) sql += ",?";
  return sql + ")";
}

}  // namespace

/// Rows on their way from one database into a table of the other, whatever their columns are.
class DatabaseCopy::Rows {
 public:
  Rows(DatabaseCopy& copy, const std::string& table, const std::string& select)
      : stop_(copy.watch_.stop),
        select_(copy.from_, select.c_str()),
        insert_(copy.to_, insert_into(table, select_.columns()).c_str()) {}

  /// Moves rows until they are a part; false once there are none left.
  bool move_part() {
    for (std::size_t bytes = 0; bytes < kPartBytes;) {
      if (stop_.stop_requested()) throw SQLite::Exception("it was given up", SQLITE_INTERRUPT);
      if (!select_.step()) return false;
      bytes += move_row();
    }
    return true;
  }
  /// For a table with a number first: a part of the rows after one number and up to another, in a
  /// snapshot of its own. Moves `after` on.
  bool move_part(std::int64_t& after, std::int64_t through) {
    const Rewind snapshot(select_);
    select_.bind(1, after);
    select_.bind(2, through);
    const bool more = move_part();
    after = std::max(after, last_number_);
    return more;
  }

 private:
  std::size_t move_row() {
    std::size_t bytes = 0;
    for (int i = 0; i < select_.columns(); ++i) bytes += insert_.bind(i + 1, select_, i);
    last_number_ = select_.number(0);
    const Rewind inserted(insert_);
    insert_.step();
    return bytes;
  }

  const std::stop_token& stop_;
  Scan select_;
  Scan insert_;
  std::int64_t last_number_ = 0;  // in the first column of the last row
};

DatabaseCopy::DatabaseCopy(const DatabaseFile& source, const DatabaseFile& target,
                           const BackupWatch& watch)
    : watch_(watch),
      from_(connect_reader(source)),
      to_(make_target(target)),
      expected_bytes_(used_bytes(from_)) {}

void DatabaseCopy::run() {
  for (int round = 0; round < kRounds; ++round) copy_entries(read_head(from_));
  copy_snapshot();
}

/// What `move` moves is written, and on disk when this returns.
template <class Move>
bool DatabaseCopy::write_part(Move move) {
  SQLite::Transaction part(to_);
  const bool more = move();
  part.commit();
  if (watch_.progress) watch_.progress(used_bytes(to_), expected_bytes_);
  return more;
}

void DatabaseCopy::copy_entries(std::int64_t through) {
  Rows entries(*this, "journal", kEntries);
  while (write_part([&] { return entries.move_part(copied_through_, through); })) {
  }
}

void DatabaseCopy::copy_snapshot() {
  const SQLite::Transaction snapshot(from_);
  copy_entries(read_head(from_));
  for (const auto& table : other_tables(to_)) copy_table(table);
  finish();
}

void DatabaseCopy::copy_table(const std::string& table) {
  Rows rows(*this, table, "SELECT * FROM " + table);
  while (write_part([&] { return rows.move_part(); })) {
  }
}

/// Retention went on meanwhile: what it took from the source goes from the copy too, and with it
/// the hole that it left where it was ahead of the copy.
void DatabaseCopy::finish() {
  const auto oldest =
      from_.execAndGet("SELECT coalesce(min(seq), 9223372036854775807) FROM journal").getInt64();
  SQLite::Transaction last(to_);
  SQLite::Statement trim(to_, "DELETE FROM journal WHERE seq < ?1");
  trim.bind(1, oldest);
  trim.exec();
  Meta(to_).set(meta_key::kBackup, 1);
  last.commit();
}

}  // namespace cc::store
