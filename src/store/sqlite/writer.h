#pragma once
// The writer's connection: transactions that append entries and write rows, and retention, which
// removes entries.

#include <memory>
#include <optional>
#include <string>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <sys/types.h>

#include "store/sqlite/connection.h"
#include "store/sqlite/journal_position.h"
#include "store/sqlite/meta.h"
#include "store/store.h"

namespace cc::store {

/// The statements of the hot path, prepared once. Throws SQLite::Exception.
struct WriteStatements {
  explicit WriteStatements(SQLite::Database& db);

  SQLite::Statement begin;
  SQLite::Statement commit;
  SQLite::Statement append;
  SQLite::Statement put;
  SQLite::Statement remove;
  SQLite::Statement remove_gateway;
  SQLite::Statement oldest;
  SQLite::Statement trim;
};

/// Which file stands under a name: none where both are 0.
struct FileIdentity {
  dev_t device = 0;
  ino_t file = 0;
  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

/// One thread, but `position`. Everything it makes must be gone before it is.
class SqliteWriter {
 public:
  /// Takes a connection whose schema is current and whose epoch is decided. Throws
  /// SQLite::Exception.
  SqliteWriter(std::filesystem::path path, SQLite::Database db);

  [[nodiscard]] Position position() const { return ledger_.position(); }
  [[nodiscard]] SQLite::Database& database() { return db_; }

  [[nodiscard]] Result<std::unique_ptr<Transaction>> begin();
  [[nodiscard]] Result<std::size_t> trim(const Retention& retention, std::size_t max_entries);
  [[nodiscard]] TimeMs noted_age() { return meta_.number(meta_key::kAge); }
  [[nodiscard]] Result<void> note_age(TimeMs age);
  [[nodiscard]] Result<void> note_clean_stop();
  /// As Store::check_files.
  [[nodiscard]] Result<void> check_files();

 private:
  friend class SqliteTransaction;
  struct Cut {
    std::size_t entries = 0;
    Seq through = 0;
    TimeMs at = 0;
    std::uint64_t bytes = 0;
  };

  [[nodiscard]] bool has_moved() const;
  [[nodiscard]] Result<void> lost_log();
  [[nodiscard]] bool in_transaction() const;
  template <class Work>
  Result<void> transact(Work&& work);
  void start();
  void finish();
  void roll_back() noexcept;
  void note_size(Seq head, std::uint64_t bytes);
  [[nodiscard]] Cut find_cut(const Retention& retention, std::size_t max_entries);
  [[nodiscard]] Result<void> remove_through(const Cut& cut);

  const std::filesystem::path path_;
  SQLite::Database db_;
  const std::filesystem::path log_path_;
  WriteStatements statements_;
  Meta meta_;
  JournalLedger ledger_;
  FileIdentity log_;                 // of the write-ahead log, which is open from here on
  std::uint64_t unnoted_bytes_ = 0;  // appended since the size was last written down
  bool stopped_ = false;  // a clean stop is noted, and has to be taken back by the next commit
};

}  // namespace cc::store
