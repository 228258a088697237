#include "store/sqlite/transaction.h"

#include <utility>

#include "fleet/rows/words.h"
#include "store/sqlite/failure.h"

namespace cc::store {
namespace {

// So that opening never has to sum up more of the journal than this.
constexpr std::uint64_t kNoteSizeEvery = 8U << 20U;

}  // namespace

SqliteTransaction::SqliteTransaction(SqliteWriter& writer)
    : writer_(writer), first_(writer.position().head + 1), last_at_(writer.position().last_at) {}

SqliteTransaction::~SqliteTransaction() {
  if (!done_) writer_.roll_back();
}

// After a failure SQLite may have rolled back by itself; whatever came next would stand outside the
// transaction.
template <class Work>
Result<void> SqliteTransaction::attempt(Work&& work) {
  if (done_) return fail(ErrorCode::kInvalid, "the transaction is over");
  if (failed_) return std::unexpected(*failed_);
  auto outcome = guard_sqlite(writer_.path_, std::forward<Work>(work));
  if (!outcome) {
    failed_ = outcome.error();
    writer_.roll_back();
  }
  return outcome;
}

Result<void> SqliteTransaction::append(const journal::Entry& entry) {
  if (entry.seq != next_seq()) {
    return fail(ErrorCode::kInvalid, "entry " + std::to_string(entry.seq) + " does not follow on " +
                                         std::to_string(next_seq() - 1));
  }
  if (!entry.body.starts_with('{')) {
    return fail(ErrorCode::kInvalid, "entry " + std::to_string(entry.seq) + " has no object");
  }
  return attempt([&] { insert(entry); });
}

void SqliteTransaction::insert(const journal::Entry& entry) {
  SQLite::Statement& statement = writer_.statements_.append;
  const Rewind rewind(statement);
  gateway_ = entry.gateway;
  id_ = fleet::text(entry.event);
  statement.bind(1, as_sql_integer(entry.seq));
  statement.bind(2, entry.at);
  statement.bindNoCopy(3, gateway_);
  statement.bindNoCopy(4, id_);
  statement.bindNoCopy(5, entry.body);
  statement.exec();
  appended_ += 1;
  last_at_ = entry.at;
  bytes_ += entry.body.size();
}

Result<void> SqliteTransaction::put(const journal::RowWrite& row) {
  return attempt([&] {
    gateway_ = row.gateway;
    id_ = row.id;
    row.json.empty() ? remove(row) : write(row);
  });
}

void SqliteTransaction::write(const journal::RowWrite& row) {
  SQLite::Statement& statement = writer_.statements_.put;
  const Rewind rewind(statement);
  json_ = row.json;
  statement.bind(1, static_cast<std::int64_t>(row.kind));
  statement.bindNoCopy(2, gateway_);
  statement.bindNoCopy(3, id_);
  statement.bind(4, as_sql_integer(row.version));
  statement.bindNoCopy(5, json_);
  statement.exec();
}

void SqliteTransaction::remove(const journal::RowWrite& row) {
  if (row.kind == fleet::Kind::kGateway) {
    SQLite::Statement& all = writer_.statements_.remove_gateway;
    const Rewind rewind(all);
    all.bindNoCopy(1, gateway_);
    all.exec();
    return;
  }
  SQLite::Statement& one = writer_.statements_.remove;
  const Rewind rewind(one);
  one.bind(1, static_cast<std::int64_t>(row.kind));
  one.bindNoCopy(2, gateway_);
  one.bindNoCopy(3, id_);
  one.exec();
}

void SqliteTransaction::finish() {
  const std::uint64_t unnoted = writer_.unnoted_bytes_ + bytes_;
  const bool note = unnoted >= kNoteSizeEvery;
  if (note) writer_.note_size(next_seq() - 1, writer_.ledger_.bytes() + bytes_);
  if (writer_.stopped_) writer_.meta_.set(meta_key::kCleanStop, 0);
  writer_.finish();
  writer_.unnoted_bytes_ = note ? 0 : unnoted;
  writer_.stopped_ = false;
}

Result<void> SqliteTransaction::commit() {
  auto committed = attempt([&] { finish(); });
  if (!committed) return committed;
  done_ = true;
  if (appended_ > 0) writer_.ledger_.appended(next_seq() - 1, last_at_, bytes_);
  return committed;
}

}  // namespace cc::store
