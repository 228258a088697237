#include "store/sqlite/connection.h"

#include <cerrno>
#include <system_error>

#include <SQLiteCpp/Exception.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace cc::store {
namespace {

// KiB: the state rows of a large fleet stay in it.
constexpr const char* kWriterCache = "PRAGMA cache_size=-16384";

void check(SQLite::Database& db, int code) {
  if (code != SQLITE_OK) throw SQLite::Exception(db.getHandle(), code);
}

void switch_config(SQLite::Database& db, int option, int on) {
  check(db, sqlite3_db_config(db.getHandle(), option, on, nullptr));
}

// The file may have been put there by somebody else: its schema must not be able to run anything.
void harden(SQLite::Database& db) {
  switch_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1);
  switch_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0);
  switch_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0);
  switch_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0);
  switch_config(db, SQLITE_DBCONFIG_DQS_DML, 0);
  switch_config(db, SQLITE_DBCONFIG_DQS_DDL, 0);
  db.exec("PRAGMA cell_size_check=ON");
}

SQLite::Database connect(const DatabaseFile& file, int mode) {
  // A connection stays with one thread at a time, so SQLite's own locking of it would be for
  // nothing. No mapping of the file into memory: a disk that fails would be a SIGBUS there instead
  // of an error.
  SQLite::Database db(file.path.string(), mode | SQLITE_OPEN_NOMUTEX, kBusyTimeoutMs, file.vfs);
  harden(db);
  db.exec("PRAGMA mmap_size=0");
  db.exec("PRAGMA temp_store=MEMORY");
  return db;
}

void sync_parent(const std::filesystem::path& path) {
  const int folder = ::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  ::fsync(folder);
  ::close(folder);
}

}  // namespace

Result<void> make_private_file(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor >= 0) {
    ::close(descriptor);
    sync_parent(path);
    return {};
  }
  if (errno == EEXIST) return {};
  return fail(ErrorCode::kUnavailable, "the database " + path.string() + " cannot be made: " +
                                           std::generic_category().message(errno));
}

Result<void> check_only_name(const std::filesystem::path& path) {
  std::error_code ignored;
  const auto names = std::filesystem::hard_link_count(path, ignored);
  if (ignored || names == 1 || !std::filesystem::is_regular_file(path, ignored)) return {};
  return fail(ErrorCode::kUnavailable,
              "the database " + path.string() +
                  " has another name as well (a hard link), under which it may be open; remove the "
                  "other name (find -samefile shows it), or use a copy");
}

SQLite::Database connect_writer(const DatabaseFile& file) {
  SQLite::Database db = connect(file, SQLITE_OPEN_READWRITE);
  // Counts for a new file only. An entry is 1 to 2 KiB, which leaves much of a page of 4 KiB empty.
  db.exec("PRAGMA page_size=8192");
  db.exec(kWriterCache);
  // What is deleted is overwritten where that costs no further I/O.
  db.exec("PRAGMA secure_delete=FAST");
  return db;
}

SQLite::Database connect_reader(const DatabaseFile& file) {
  SQLite::Database db = connect(file, SQLITE_OPEN_READONLY);
  db.exec("PRAGMA cache_size=-2048");
  switch_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1);  // only the writer checkpoints
  return db;
}

Scan::Scan(SQLite::Database& db, const char* sql) : db_(db) {
  sqlite3_stmt* statement = nullptr;
  check(db, sqlite3_prepare_v2(db.getHandle(), sql, -1, &statement, nullptr));
  statement_.reset(statement);
}

bool Scan::step() {
  const int code = sqlite3_step(statement_.get());
  if (code != SQLITE_ROW && code != SQLITE_DONE) check(db_, code);
  return code == SQLITE_ROW;
}

void Scan::bind(int parameter, std::int64_t number) {
  check(db_, sqlite3_bind_int64(statement_.get(), parameter, number));
}

std::size_t Scan::bind(int parameter, const Scan& row, int column) {
  auto* const from = row.statement_.get();
  check(db_, sqlite3_bind_value(statement_.get(), parameter, sqlite3_column_value(from, column)));
  // Asked of a number, the size would make it a text.
  const bool has_bytes = sqlite3_column_type(from, column) == SQLITE_TEXT ||
                         sqlite3_column_type(from, column) == SQLITE_BLOB;
  return has_bytes ? static_cast<std::size_t>(sqlite3_column_bytes(from, column))
                   : sizeof(std::int64_t);
}

SmallCache::SmallCache(SQLite::Database& db) : db_(db) {
  db_.exec("PRAGMA cache_size=-1024");
}

SmallCache::~SmallCache() {
  db_.tryExec(kWriterCache);
}

void use_write_ahead_log(SQLite::Database& db, Durability durability) {
  const std::string mode = db.execAndGet("PRAGMA journal_mode=WAL").getString();
  if (mode != "wal") {
    throw SQLite::Exception("its file system cannot keep a write-ahead log", SQLITE_CANTOPEN);
  }
  db.exec("PRAGMA wal_autocheckpoint=0");
  db.exec("PRAGMA journal_size_limit=16777216");  // a log that had to grow is cut to this when it
                                                  // starts anew
  set_durability(db, durability);
}

void set_durability(SQLite::Database& db, Durability durability) {
  db.exec(durability == Durability::kFull ? "PRAGMA synchronous=FULL"
                                          : "PRAGMA synchronous=NORMAL");
}

}  // namespace cc::store
