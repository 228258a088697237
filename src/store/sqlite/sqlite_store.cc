#include "store/sqlite/sqlite_store.h"

#include <utility>

#include "files/lock.h"
#include "store/sqlite/backup.h"
#include "store/sqlite/checkpointer.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/epoch_rules.h"
#include "store/sqlite/failure.h"
#include "store/sqlite/load_state.h"
#include "store/sqlite/reader.h"
#include "store/sqlite/schema.h"
#include "store/sqlite/writer.h"

namespace cc::store {
namespace {

class SqliteStore final : public Store {
 public:
  /// Throws SQLite::Exception.
  SqliteStore(files::FileLock lock, DatabaseFile file, SQLite::Database db)
      : lock_(std::move(lock)),
        file_(std::move(file)),
        writer_(file_.path, std::move(db)),
        checkpointer_(writer_.database()) {}

  Position position() const override { return writer_.position(); }

  Result<fleet::Fleet> load() override {
    return guard_sqlite(file_.path, [&] { return load_state(writer_.database(), file_); });
  }

  Result<std::unique_ptr<Transaction>> begin() override { return writer_.begin(); }

  Result<std::unique_ptr<JournalReader>> open_reader() override {
    return guard_sqlite(file_.path, [&]() -> Result<std::unique_ptr<JournalReader>> {
      return std::make_unique<SqliteReader>(file_);
    });
  }

  Result<std::size_t> trim(const Retention& retention, std::size_t max_entries) override {
    return writer_.trim(retention, max_entries);
  }

  TimeMs noted_age() override { return writer_.noted_age(); }
  Result<void> note_age(TimeMs age) override { return writer_.note_age(age); }

  Result<void> maintain() override {
    return guard_sqlite(file_.path, [&] { checkpointer_.step(); });
  }

  Result<void> check_files() override { return writer_.check_files(); }

  Result<void> back_up(const std::filesystem::path& file, const BackupWatch& watch) override {
    return back_up_sqlite(file_, file, watch);
  }

  Result<void> close_cleanly() override {
    if (auto noted = writer_.note_clean_stop(); !noted) return noted;
    return guard_sqlite(file_.path, [&] { checkpointer_.finish(); });
  }

 private:
  // In this order: the lock is let go last, after the connection is closed.
  const files::FileLock lock_;
  const DatabaseFile file_;
  SqliteWriter writer_;
  Checkpointer checkpointer_;
};

/// One process at a time. Not on the database itself: closing any descriptor of a file drops all
/// POSIX locks that this process has on it, SQLite's among them.
Result<files::FileLock> take_lock(const std::filesystem::path& database) {
  auto lock = files::FileLock::take(database.string() + "-lock");
  if (lock || lock.error().code != ErrorCode::kInUse) return lock;
  return fail(ErrorCode::kInUse,
              "the database " + database.string() + " is in use: another process has it open");
}

Result<std::unique_ptr<Store>> open_locked(files::FileLock lock, DatabaseFile file,
                                           const SqliteOptions& options) {
  SQLite::Database db = connect_writer(file);
  // Check before writing: another program's file must stay unchanged to the byte.
  if (auto ours = check_ownership(db, file.path); !ours) return std::unexpected(ours.error());
  use_write_ahead_log(db, options.durability);
  migrate(db);
  decide_epoch(db, options.durability, options.boot_id);
  return std::make_unique<SqliteStore>(std::move(lock), std::move(file), std::move(db));
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(const SqliteOptions& options) {
  // One lock per file, however it is linked.
  std::error_code ignored;
  DatabaseFile file{std::filesystem::weakly_canonical(options.file, ignored), options.vfs};
  if (file.path.empty()) file.path = std::filesystem::absolute(options.file);
  auto lock = take_lock(file.path);
  if (!lock) return std::unexpected(lock.error());
  if (auto made = make_private_file(file.path); !made) return std::unexpected(made.error());
  if (auto one = check_only_name(file.path); !one) return std::unexpected(one.error());
  try {
    return open_locked(std::move(*lock), file, options);
  } catch (const SQLite::Exception& thrown) {
    Error error = sqlite_failure(thrown, file.path);
    if (is_lock_conflict(thrown)) error.code = ErrorCode::kInUse;
    return std::unexpected(std::move(error));
  }
}

}  // namespace cc::store
