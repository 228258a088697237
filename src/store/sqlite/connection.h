#pragma once
// Connections to the database file, set up the same way everywhere.

#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <sqlite3.h>

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

/// SQLite names the write-ahead log after the database, so a file with a second name (a hard link)
/// has two of them, and one that is opened by its other name lacks what is in the first. Errors:
/// kUnavailable.
[[nodiscard]] Result<void> check_only_name(const std::filesystem::path& path);

// These throw SQLite::Exception. Each connection is for one thread at a time.
[[nodiscard]] SQLite::Database connect_writer(const DatabaseFile& file);
[[nodiscard]] SQLite::Database connect_reader(const DatabaseFile& file);

/// Switches to WAL and sets how hard commits are synced. Changes the file, so only once it is known
/// to be ours.
void use_write_ahead_log(SQLite::Database& db, Durability durability);
void set_durability(SQLite::Database& db, Durability durability);

/// For as long as it lives the connection remembers next to nothing of what it reads.
class SmallCache {
 public:
  explicit SmallCache(SQLite::Database& db);
  ~SmallCache();
  SmallCache(const SmallCache&) = delete;
  SmallCache& operator=(const SmallCache&) = delete;

 private:
  SQLite::Database& db_;
};

/// A statement whose columns are read where SQLite has them: for scans of many rows, where what
/// SQLite::Column does for its safety costs as much as the row. Throws SQLite::Exception.
class Scan {
 public:
  Scan(SQLite::Database& db, const char* sql);
  /// To the next row; false at the end.
  bool step();
  void bind(int parameter, std::int64_t number);
  /// The value that stands in a column of another scan's row, of whatever type; returns how many
  /// bytes it is about.
  std::size_t bind(int parameter, const Scan& row, int column);
  /// As Rewind does.
  void rewind() { sqlite3_reset(statement_.get()); }

  [[nodiscard]] int columns() const { return sqlite3_column_count(statement_.get()); }
  [[nodiscard]] std::int64_t number(int column) const {
    return sqlite3_column_int64(statement_.get(), column);
  }
  /// Good until the next step.
  [[nodiscard]] std::string_view text(int column) const {
    const auto* found = sqlite3_column_text(statement_.get(), column);
    // The size only after the text, which may change it.
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
    return {reinterpret_cast<const char*>(found), size};
  }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  SQLite::Database& db_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// Resets a statement when left, so that none holds a read transaction open longer than it is used.
template <class Statement>
class Rewind {
 public:
  explicit Rewind(Statement& statement) : statement_(statement) {}
  ~Rewind() { rewind(statement_); }
  Rewind(const Rewind&) = delete;
  Rewind& operator=(const Rewind&) = delete;

 private:
  static void rewind(SQLite::Statement& statement) { statement.tryReset(); }
  static void rewind(Scan& scan) { scan.rewind(); }

  Statement& statement_;
};

}  // namespace cc::store
