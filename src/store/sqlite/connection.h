#pragma once
// Connections to the database file, set up the same way everywhere.

#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "base/result.h"
#include "store/store.h"

namespace cc::store {

/// Where the database is, and the SQLite VFS it is reached through (empty: the default one).
struct DatabaseFile {
  std::filesystem::path path;
  std::string vfs;
};

/// How long a statement waits for other programs that hold a lock for a moment, an operator's
/// sqlite3 say. Our own connections never wait for each other.
inline constexpr int kBusyTimeoutMs = 1000;

/// SQLite's integers are signed; a number beyond them becomes the largest.
[[nodiscard]] constexpr std::int64_t as_sql_integer(std::uint64_t number) {
  constexpr auto kLargest = std::numeric_limits<std::int64_t>::max();
  return number < static_cast<std::uint64_t>(kLargest) ? static_cast<std::int64_t>(number)
                                                       : kLargest;
}

/// Makes an empty file of mode 0600 where there is none; SQLite gives -wal and -shm the mode of the
/// database. Call it before anything has the file open. Errors: kUnavailable.
[[nodiscard]] Result<void> make_private_file(const std::filesystem::path& path);

// These throw SQLite::Exception. Each connection is for one thread at a time.
[[nodiscard]] SQLite::Database connect_writer(const DatabaseFile& file);
[[nodiscard]] SQLite::Database connect_reader(const DatabaseFile& file);

/// Switches to WAL and sets how hard commits are synced. Changes the file, so only once it is known
/// to be ours.
void use_write_ahead_log(SQLite::Database& db, Durability durability);
void set_durability(SQLite::Database& db, Durability durability);

/// Resets a statement when left, so that none holds a read transaction open longer than it is used.
class Rewind {
 public:
  explicit Rewind(SQLite::Statement& statement) : statement_(statement) {}
  ~Rewind() { statement_.tryReset(); }
  Rewind(const Rewind&) = delete;
  Rewind& operator=(const Rewind&) = delete;

 private:
  SQLite::Statement& statement_;
};

}  // namespace cc::store
