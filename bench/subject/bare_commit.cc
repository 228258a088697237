#include "bench/subject/bare_commit.h"

#include <stdexcept>

#include <sqlite3.h>

namespace cc::bench {
namespace {

constexpr std::uint64_t kCheckpointBytes = 4U << 20U;

constexpr const char* kSchema = R"sql(
PRAGMA page_size=8192;
PRAGMA journal_mode=WAL;
PRAGMA synchronous=FULL;
PRAGMA wal_autocheckpoint=0;
PRAGMA cache_size=-16384;
CREATE TABLE journal(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, gateway TEXT NOT NULL,
                     event TEXT NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE state(kind INTEGER NOT NULL, gateway TEXT NOT NULL, id TEXT NOT NULL,
                   version INTEGER NOT NULL, json TEXT NOT NULL,
                   PRIMARY KEY(kind, gateway, id)) STRICT, WITHOUT ROWID;
)sql";

void bind(sqlite3_stmt* statement, int place, std::string_view text) {
  sqlite3_bind_text(statement, place, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

}  // namespace

BareCommit::BareCommit(const std::filesystem::path& file) {
  std::filesystem::remove(file);
  std::filesystem::remove(file.string() + "-wal");
  check(sqlite3_open_v2(file.c_str(), &db_,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        nullptr) == SQLITE_OK);
  run(kSchema);
  begin_ = prepare("BEGIN IMMEDIATE");
  append_ =
      prepare("INSERT INTO journal(seq, at, gateway, event, body) VALUES(?1, ?2, ?3, ?4, ?5)");
  put_ = prepare(
      "INSERT INTO state(kind, gateway, id, version, json) VALUES(3, ?1, ?2, ?3, ?4) "
      "ON CONFLICT DO UPDATE SET version = excluded.version, json = excluded.json");
  commit_ = prepare("COMMIT");
}

BareCommit::~BareCommit() {
  for (auto* statement : {begin_, append_, put_, commit_}) sqlite3_finalize(statement);
  sqlite3_close(db_);
}

void BareCommit::commit(std::span<const Entry> entries) {
  step(begin_);
  for (const auto& entry : entries) {
    ++seq_;
    sqlite3_bind_int64(append_, 1, seq_);
    sqlite3_bind_int64(append_, 2, seq_);
    bind(append_, 3, "default");
    bind(append_, 4, "session.update");
    bind(append_, 5, entry.body);
    step(append_);
    bind(put_, 1, "default");
    bind(put_, 2, entry.id);
    sqlite3_bind_int64(put_, 3, seq_);
    bind(put_, 4, entry.row);
    step(put_);
    unchecked_bytes_ += entry.body.size() + entry.row.size();
  }
  step(commit_);
  if (unchecked_bytes_ < kCheckpointBytes) return;
  unchecked_bytes_ = 0;
  check(sqlite3_wal_checkpoint_v2(db_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr) ==
        SQLITE_OK);
}

sqlite3_stmt* BareCommit::prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  check(sqlite3_prepare_v2(db_, sql, -1, &statement, nullptr) == SQLITE_OK);
  return statement;
}

void BareCommit::run(const char* sql) {
  check(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
}

void BareCommit::step(sqlite3_stmt* statement) {
  check(sqlite3_step(statement) == SQLITE_DONE);
  sqlite3_reset(statement);
}

void BareCommit::check(bool good) const {
  if (!good) throw std::runtime_error(std::string("the limit's database: ") + sqlite3_errmsg(db_));
}

}  // namespace cc::bench
