#include "store/sqlite/reader.h"

#include <algorithm>

#include <SQLiteCpp/Transaction.h>

#include "fleet/words.h"
#include "store/sqlite/failure.h"

namespace cc::store {
SqliteReader::SqliteReader(const DatabaseFile& file)
    : path_(file.path),
      db_(connect_reader(file)),
      position_(db_),
      entries_(db_,
               "SELECT seq, at, gateway, event, body FROM journal WHERE seq > ?1 "
               "ORDER BY seq LIMIT ?2") {}

Result<JournalPage> SqliteReader::read_after(Seq after, std::size_t max_entries,
                                             std::size_t max_bytes) {
  return guard_sqlite(path_, [&]() -> Result<JournalPage> {
    SQLite::Transaction snapshot(db_);
    JournalPage page{{}, position_.read()};
    // What is kept of earlier epochs is nobody's to see: their cursors are void.
    const Seq from = std::max(after, page.position.oldest - 1);
    if (auto read = read_entries(page, from, max_entries, max_bytes); !read) {
      return std::unexpected(read.error());
    }
    return page;
  });
}

Result<void> SqliteReader::read_entries(JournalPage& page, Seq after, std::size_t max_entries,
                                        std::size_t max_bytes) {
  const Rewind rewind(entries_);
  entries_.bind(1, as_sql_integer(after));
  entries_.bind(2, as_sql_integer(max_entries));
  std::size_t bytes = 0;
  while (bytes <= max_bytes && entries_.executeStep()) {
    auto next = entry();
    if (!next) return std::unexpected(next.error());
    bytes += next->body.size();
    page.entries.push_back(std::move(*next));
  }
  return {};
}

Result<fleet::JournalEntry> SqliteReader::entry() {
  const auto seq = static_cast<Seq>(entries_.getColumn(0).getInt64());
  const auto event = fleet::parse_event_kind(entries_.getColumn(3).getString());
  if (!event) {
    return fail(ErrorCode::kCorrupt, "the database " + path_.string() + " is damaged: entry " +
                                         std::to_string(seq) + " is of no known kind");
  }
  return fleet::JournalEntry{seq, entries_.getColumn(1).getInt64(),
                             entries_.getColumn(2).getString(), *event,
                             entries_.getColumn(4).getString()};
}

}  // namespace cc::store
