#include "store/sqlite/journal_position.h"

#include <algorithm>

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include "store/sqlite/connection.h"

namespace cc::store {
namespace {

// Two lookups at the ends of the tree; min() and max() in one SELECT would be a scan.
constexpr const char* kPositionSql = R"sql(
SELECT (SELECT value FROM meta WHERE key = 'epoch'),
       (SELECT value FROM meta WHERE key = 'epoch_first'),
       (SELECT min(seq) FROM journal),
       coalesce((SELECT max(seq) FROM journal),
                (SELECT value FROM meta WHERE key = 'trimmed_seq'), 0),
       coalesce((SELECT at FROM journal ORDER BY seq DESC LIMIT 1),
                (SELECT value FROM meta WHERE key = 'trimmed_at'), 0)
)sql";

Seq seq_column(SQLite::Statement& row, int column) {
  return static_cast<Seq>(row.getColumn(column).getInt64());
}

}  // namespace

std::int64_t read_head(SQLite::Database& db) {
  return db
      .execAndGet(
          "SELECT coalesce((SELECT max(seq) FROM journal), "
          "(SELECT value FROM meta WHERE key = 'trimmed_seq'), 0)")
      .getInt64();
}

PositionQuery::PositionQuery(SQLite::Database& db) : statement_(db, kPositionSql) {}

Position PositionQuery::read() {
  const Rewind rewind(statement_);
  statement_.executeStep();
  auto epoch = Epoch::parse(statement_.getColumn(0).getString());
  if (!epoch) throw SQLite::Exception("meta.epoch is not an epoch", SQLITE_CORRUPT);
  const Seq epoch_first = seq_column(statement_, 1);
  const Seq head = seq_column(statement_, 3);
  const Seq first = statement_.isColumnNull(2) ? head + 1 : seq_column(statement_, 2);
  return Position{std::move(*epoch), head, std::max({Seq{1}, first, epoch_first}),
                  statement_.getColumn(4).getInt64()};
}

Position JournalLedger::position() const {
  const MutexLock lock(mutex_);
  return position_;
}

void JournalLedger::appended(Seq head, TimeMs at, std::uint64_t bytes) {
  const MutexLock lock(mutex_);
  position_.head = head;
  position_.last_at = at;
  bytes_ += bytes;
}

void JournalLedger::trimmed(Seq through, std::uint64_t bytes) {
  const MutexLock lock(mutex_);
  position_.oldest = std::max(position_.oldest, through + 1);
  bytes_ -= std::min(bytes, bytes_);
}

}  // namespace cc::store
