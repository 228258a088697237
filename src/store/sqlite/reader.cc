#include "store/sqlite/reader.h"

#include <algorithm>

#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Transaction.h>
#include <sqlite3.h>

#include "fleet/rows/words.h"
#include "store/sqlite/failure.h"

namespace cc::store {
namespace {

EntryVisitor into(std::vector<journal::Entry>& entries) {
  return [&entries](const journal::EntryView& entry, const Position& /*position*/) {
    entries.push_back(
        {entry.seq, entry.at, std::string(entry.gateway), entry.event, std::string(entry.body)});
  };
}

}  // namespace

SqliteReader::SqliteReader(const DatabaseFile& file)
    : path_(file.path),
      db_(connect_reader(file)),
      position_(db_),
      after_(db_,
             "SELECT seq, at, gateway, event, body FROM journal WHERE seq > ?1 "
             "ORDER BY seq LIMIT ?2"),
      before_(db_,
              "SELECT seq, at, gateway, event, body FROM journal WHERE seq < ?1 AND seq >= ?2 "
              "ORDER BY seq DESC LIMIT ?3"),
      time_(db_, "SELECT at FROM journal WHERE seq = ?1") {}

Result<JournalPage> SqliteReader::read_after(Seq after, std::size_t max_entries,
                                             std::size_t max_bytes) {
  std::vector<journal::Entry> entries;
  auto position = visit_after(after, max_entries, max_bytes, into(entries));
  if (!position) return std::unexpected(position.error());
  return JournalPage{std::move(entries), *std::move(position)};
}

Result<Position> SqliteReader::visit_after(Seq after, std::size_t max_entries,
                                           std::size_t max_bytes, const EntryVisitor& visit) {
  return guard_sqlite(path_, [&]() -> Result<Position> {
    SQLite::Transaction snapshot(db_);
    Position position = position_.read();
    const Rewind rewind(after_);
    // Entries of earlier epochs are not served: their cursors are void.
    after_.bind(1, as_sql_integer(std::max(after, position.oldest - 1)));
    after_.bind(2, as_sql_integer(max_entries));
    if (auto read = visit_entries(after_, position, max_bytes, visit); !read) {
      return std::unexpected(read.error());
    }
    return position;
  });
}

Result<JournalPage> SqliteReader::read_before(Seq before, std::size_t max_entries,
                                              std::size_t max_bytes) {
  return guard_sqlite(path_, [&]() -> Result<JournalPage> {
    SQLite::Transaction snapshot(db_);
    JournalPage page{{}, position_.read()};
    const Rewind rewind(before_);
    before_.bind(1, as_sql_integer(before));
    before_.bind(2, as_sql_integer(page.position.oldest));
    before_.bind(3, as_sql_integer(max_entries));
    if (auto read = visit_entries(before_, page.position, max_bytes, into(page.entries)); !read) {
      return std::unexpected(read.error());
    }
    std::ranges::reverse(page.entries);
    return page;
  });
}

Result<Seq> SqliteReader::find_since(TimeMs at) {
  return guard_sqlite(path_, [&]() -> Result<Seq> {
    SQLite::Transaction snapshot(db_);
    const Position position = position_.read();
    Seq low = position.oldest;
    Seq high = position.head + 1;
    while (low < high) {
      const Seq middle = low + (high - low) / 2;
      if (time_of(middle) < at) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  });
}

TimeMs SqliteReader::time_of(Seq seq) {
  const Rewind rewind(time_);
  time_.bind(1, as_sql_integer(seq));
  if (!time_.executeStep()) throw SQLite::Exception("the journal has a hole", SQLITE_CORRUPT);
  return time_.getColumn(0).getInt64();
}

Result<void> SqliteReader::visit_entries(Scan& rows, const Position& position,
                                         std::size_t max_bytes, const EntryVisitor& visit) const {
  std::size_t bytes = 0;
  while (bytes <= max_bytes && rows.step()) {
    const auto next = entry(rows);
    if (!next) return std::unexpected(next.error());
    bytes += next->body.size();
    visit(*next, position);
  }
  return {};
}

Result<journal::EntryView> SqliteReader::entry(const Scan& row) const {
  const auto seq = static_cast<Seq>(row.number(0));
  const auto event = fleet::parse<fleet::EventKind>(row.text(3));
  if (!event) {
    return fail(ErrorCode::kCorrupt, "the database " + path_.string() + " is damaged: entry " +
                                         std::to_string(seq) + " is of no known kind");
  }
  // Whoever sends it puts more members behind the brace.
  const auto body = row.text(4);
  if (!body.starts_with('{')) {
    return fail(ErrorCode::kCorrupt, "the database " + path_.string() + " is damaged: entry " +
                                         std::to_string(seq) + " holds no object");
  }
  return journal::EntryView{seq, row.number(1), row.text(2), *event, body};
}

}  // namespace cc::store
