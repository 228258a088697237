#pragma once
// Pages of the journal, over a connection of their own.

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "store/sqlite/connection.h"
#include "store/sqlite/journal_position.h"
#include "store/store.h"

namespace cc::store {

class SqliteReader final : public JournalReader {
 public:
  /// Throws SQLite::Exception.
  explicit SqliteReader(const DatabaseFile& file);

  [[nodiscard]] Result<JournalPage> read_after(Seq after, std::size_t max_entries,
                                               std::size_t max_bytes) override;

 private:
  [[nodiscard]] Result<void> read_entries(JournalPage& page, Seq after, std::size_t max_entries,
                                          std::size_t max_bytes);
  [[nodiscard]] Result<fleet::JournalEntry> entry();

  const std::filesystem::path path_;
  SQLite::Database db_;
  PositionQuery position_;
  SQLite::Statement entries_;
};

}  // namespace cc::store
