#pragma once
// Copies the content of a database that is in use into a new one, a part at a time.
//
// While somebody reads a snapshot, the write-ahead log cannot start anew, and the writer has to
// take all of it into the database afterwards, in one go. So no snapshot may live for long. Entries
// of the journal never change: they are read in short transactions. Only the rows, and the entries
// that came meanwhile, are read in one snapshot at the end (docs/adr/0014-backup-in-parts.md).

#include <cstdint>
#include <string>

#include <SQLiteCpp/Database.h>

#include "base/cursor.h"
#include "store/sqlite/connection.h"
#include "store/store.h"

namespace cc::store {

/// For one thread. Everything throws SQLite::Exception.
class DatabaseCopy {
 public:
  /// `target` is an empty file.
  DatabaseCopy(const DatabaseFile& source, const DatabaseFile& target, const BackupWatch& watch);

  /// About how many bytes the copy will have.
  [[nodiscard]] std::uint64_t expected_bytes() const { return expected_bytes_; }

  /// Makes the copy and marks it as one. Each part is on disk before the next is read, so that a
  /// commit of the source never waits for more than a part. SQLITE_INTERRUPT where it was told to
  /// stop.
  void run();

 private:
  class Rows;
  template <class Move>
  bool write_part(Move move);
  void copy_entries(std::int64_t through);
  void copy_snapshot();
  void copy_table(const std::string& table);
  void finish();

  const BackupWatch& watch_;
  SQLite::Database from_;
  SQLite::Database to_;
  std::uint64_t expected_bytes_ = 0;
  std::int64_t copied_through_ = 0;  // the last entry that is in the copy
};

}  // namespace cc::store
