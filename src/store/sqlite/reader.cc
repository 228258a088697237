#include "store/sqlite/reader.h"

#include <algorithm>

#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Transaction.h>
#include <sqlite3.h>

#include "fleet/words.h"
#include "store/sqlite/failure.h"

namespace cc::store {

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
  return guard_sqlite(path_, [&]() -> Result<JournalPage> {
    SQLite::Transaction snapshot(db_);
    JournalPage page{{}, position_.read()};
    const Rewind rewind(after_);
    // What is kept of earlier epochs is nobody's to see: their cursors are void.
    after_.bind(1, as_sql_integer(std::max(after, page.position.oldest - 1)));
    after_.bind(2, as_sql_integer(max_entries));
    if (auto read = read_entries(page, after_, max_bytes); !read) {
      return std::unexpected(read.error());
    }
    return page;
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
    if (auto read = read_entries(page, before_, max_bytes); !read) {
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

Result<void> SqliteReader::read_entries(JournalPage& page, SQLite::Statement& rows,
                                        std::size_t max_bytes) {
  std::size_t bytes = 0;
  while (bytes <= max_bytes && rows.executeStep()) {
    auto next = entry(rows);
    if (!next) return std::unexpected(next.error());
    bytes += next->body.size();
    page.entries.push_back(std::move(*next));
  }
  return {};
}

Result<fleet::JournalEntry> SqliteReader::entry(SQLite::Statement& row) const {
  const auto seq = static_cast<Seq>(row.getColumn(0).getInt64());
  const auto event = fleet::parse_event_kind(row.getColumn(3).getString());
  if (!event) {
    return fail(ErrorCode::kCorrupt, "the database " + path_.string() + " is damaged: entry " +
                                         std::to_string(seq) + " is of no known kind");
  }
  return fleet::JournalEntry{seq, row.getColumn(1).getInt64(), row.getColumn(2).getString(), *event,
                             row.getColumn(4).getString()};
}

}  // namespace cc::store
