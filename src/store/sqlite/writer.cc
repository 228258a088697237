#include "store/sqlite/writer.h"

#include <utility>

#include <sqlite3.h>
#include <sys/stat.h>

#include "store/sqlite/failure.h"
#include "store/sqlite/transaction.h"

namespace cc::store {
namespace {

std::uint64_t measure(SQLite::Database& db, Meta& meta) {
  SQLite::Statement sum(
      db, "SELECT coalesce(sum(length(CAST(body AS BLOB))), 0) FROM journal WHERE seq > ?1");
  sum.bind(1, meta.number(meta_key::kCountedSeq));
  sum.executeStep();
  return static_cast<std::uint64_t>(meta.number(meta_key::kCountedBytes) +
                                    sum.getColumn(0).getInt64());
}

/// All kinds of rows, for SQL: named one by one, each is found by the key of the table.
std::string every_kind() {
  std::string kinds;
  fleet::each_kind([&]<class Row>(fleet::Tag<Row>) {
    if (!kinds.empty()) kinds += ", ";
    kinds += std::to_string(static_cast<int>(fleet::KindOf<Row>::kind));
  });
  return kinds;
}

FileIdentity identity_of(const std::filesystem::path& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return {};
  return {.device = status.st_dev, .file = status.st_ino};
}

}  // namespace

WriteStatements::WriteStatements(SQLite::Database& db)
    : begin(db, "BEGIN IMMEDIATE"),
      commit(db, "COMMIT"),
      append(db, "INSERT INTO journal(seq, at, gateway, event, body) VALUES(?1, ?2, ?3, ?4, ?5)"),
      put(db,
          "INSERT INTO state(kind, gateway, id, version, json) VALUES(?1, ?2, ?3, ?4, ?5) "
          "ON CONFLICT DO UPDATE SET version = excluded.version, json = excluded.json"),
      remove(db, "DELETE FROM state WHERE kind = ?1 AND gateway = ?2 AND id = ?3"),
      remove_gateway(db, "DELETE FROM state WHERE kind IN (" + every_kind() + ") AND gateway = ?1"),
      oldest(db, "SELECT seq, at, length(CAST(body AS BLOB)) FROM journal ORDER BY seq LIMIT ?1"),
      trim(db, "DELETE FROM journal WHERE seq <= ?1") {}

SqliteWriter::SqliteWriter(std::filesystem::path path, SQLite::Database db)
    : path_(std::move(path)),
      db_(std::move(db)),
      log_path_(path_.string() + "-wal"),
      statements_(db_),
      meta_(db_),
      ledger_(PositionQuery(db_).read(), measure(db_, meta_)),
      log_(identity_of(log_path_)) {}

void SqliteWriter::start() {
  const Rewind rewind(statements_.begin);
  statements_.begin.exec();
}

void SqliteWriter::finish() {
  const Rewind rewind(statements_.commit);
  statements_.commit.exec();
}

// SQLite has rolled back by itself after some errors and not after others.
void SqliteWriter::roll_back() noexcept {
  if (in_transaction()) db_.tryExec("ROLLBACK");
}

void SqliteWriter::note_size(Seq head, std::uint64_t bytes) {
  meta_.set(meta_key::kCountedSeq, as_sql_integer(head));
  meta_.set(meta_key::kCountedBytes, as_sql_integer(bytes));
}

// What is written to a file without a name is lost with the process.
bool SqliteWriter::has_moved() const {
  int moved = 0;
  const int asked = sqlite3_file_control(db_.getHandle(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return asked == SQLITE_OK && moved != 0;
}

Result<void> SqliteWriter::check_files() {
  if (has_moved()) {
    return fail(ErrorCode::kUnavailable,
                "the database " + path_.string() +
                    " was moved or deleted; put it back, or start anew without it");
  }
  return identity_of(log_path_) == log_ ? Result<void>{} : lost_log();
}

// We still hold it open, so all that it has can go where the next start finds it.
Result<void> SqliteWriter::lost_log() {
  const bool saved = db_.tryExec("PRAGMA wal_checkpoint(FULL)") == SQLITE_OK;
  return fail(ErrorCode::kUnavailable, "the database's log " + log_path_.string() +
                                           " was moved or deleted; " +
                                           (saved ? "what it held is in the database; " : "") +
                                           "put it back, or start the program again");
}

bool SqliteWriter::in_transaction() const {
  return sqlite3_get_autocommit(db_.getHandle()) == 0;
}

Result<std::unique_ptr<Transaction>> SqliteWriter::begin() {
  using Begun = Result<std::unique_ptr<Transaction>>;
  if (in_transaction()) return fail(ErrorCode::kInvalid, "a transaction is open already");
  if (auto checked = check_files(); !checked) return std::unexpected(checked.error());
  return guard_sqlite(path_, [&]() -> Begun {
    start();
    return std::make_unique<SqliteTransaction>(*this);
  });
}

// For what stands alone: all of `work` or nothing of it.
template <class Work>
Result<void> SqliteWriter::transact(Work&& work) {
  if (in_transaction()) return fail(ErrorCode::kInvalid, "a transaction is open already");
  auto outcome = guard_sqlite(path_, [&] {
    start();
    work();
    finish();
  });
  if (!outcome) roll_back();
  return outcome;
}

Result<void> SqliteWriter::note_clean_stop() {
  // A commit with full sync takes all of the log before it to the disk, whatever the mode was until
  // now.
  auto synced = guard_sqlite(path_, [&] { set_durability(db_, Durability::kFull); });
  if (!synced) return synced;
  auto noted = transact([&] {
    note_size(position().head, ledger_.bytes());
    meta_.set(meta_key::kCleanStop, 1);
  });
  if (noted) stopped_ = true;
  return noted;
}

Result<void> SqliteWriter::note_age(TimeMs age) {
  return transact([&] { meta_.set(meta_key::kAge, age); });
}

SqliteWriter::Cut SqliteWriter::find_cut(const Retention& retention, std::size_t max_entries) {
  const Rewind rewind(statements_.oldest);
  statements_.oldest.bind(1, as_sql_integer(max_entries));
  Cut cut;
  while (statements_.oldest.executeStep()) {
    const TimeMs at = statements_.oldest.getColumn(1).getInt64();
    const bool too_many =
        retention.keep_bytes > 0 && ledger_.bytes() - cut.bytes > retention.keep_bytes;
    if (at >= retention.keep_since && !too_many) break;
    cut.entries += 1;
    cut.through = static_cast<Seq>(statements_.oldest.getColumn(0).getInt64());
    cut.at = at;
    cut.bytes += static_cast<std::uint64_t>(statements_.oldest.getColumn(2).getInt64());
  }
  return cut;
}

Result<void> SqliteWriter::remove_through(const Cut& cut) {
  return transact([&] {
    const Rewind rewind(statements_.trim);
    statements_.trim.bind(1, as_sql_integer(cut.through));
    statements_.trim.exec();
    // An empty journal has to know its head all the same.
    meta_.set(meta_key::kTrimmedSeq, as_sql_integer(cut.through));
    meta_.set(meta_key::kTrimmedAt, cut.at);
    note_size(position().head, ledger_.bytes() - cut.bytes);
  });
}

Result<std::size_t> SqliteWriter::trim(const Retention& retention, std::size_t max_entries) {
  const auto cut = guard_sqlite(path_, [&] { return find_cut(retention, max_entries); });
  if (!cut) return std::unexpected(cut.error());
  if (cut->entries == 0) return 0;
  if (auto removed = remove_through(*cut); !removed) return std::unexpected(removed.error());
  unnoted_bytes_ = 0;
  ledger_.trimmed(cut->through, cut->bytes);
  return cut->entries;
}

}  // namespace cc::store
