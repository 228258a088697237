#pragma once
// Reads pages of the journal over its own connection.

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
  [[nodiscard]] Result<Position> visit_after(Seq after, std::size_t max_entries,
                                             std::size_t max_bytes,
                                             const EntryVisitor& visit) override;
  [[nodiscard]] Result<JournalPage> read_before(Seq before, std::size_t max_entries,
                                                std::size_t max_bytes) override;
  [[nodiscard]] Result<Seq> find_since(TimeMs at) override;

 private:
  /// Shows rows of a bound statement until it ends or the bodies pass `max_bytes`.
  [[nodiscard]] Result<void> visit_entries(Scan& rows, const Position& position,
                                           std::size_t max_bytes, const EntryVisitor& visit) const;
  /// Good until the statement moves on.
  [[nodiscard]] Result<journal::EntryView> entry(const Scan& row) const;
  /// Of an entry that is there.
  [[nodiscard]] TimeMs time_of(Seq seq);

  const std::filesystem::path path_;
  SQLite::Database db_;
  PositionQuery position_;
  Scan after_;
  Scan before_;
  SQLite::Statement time_;
};

}  // namespace cc::store
