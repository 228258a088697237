#pragma once
// The journal's position: read from the database, and kept in memory by the writer.

#include <cstdint>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "base/guarded.h"
#include "store/store.h"

namespace cc::store {

/// The number of the newest entry ever written, also where none is kept. Throws SQLite::Exception.
[[nodiscard]] std::int64_t read_head(SQLite::Database& db);

/// Position by SQL, as of the transaction it is asked in. Throws SQLite::Exception.
class PositionQuery {
 public:
  explicit PositionQuery(SQLite::Database& db);
  [[nodiscard]] Position read();

 private:
  SQLite::Statement statement_;
};

/// What the writer knows of the journal without asking. `position` is thread-safe, the rest is the
/// writer's.
class JournalLedger {
 public:
  /// `bytes`: the bodies of all entries kept.
  JournalLedger(Position position, std::uint64_t bytes)
      : position_(std::move(position)), bytes_(bytes) {}

  [[nodiscard]] Position position() const;
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

  void appended(Seq head, TimeMs at, std::uint64_t bytes);
  void trimmed(Seq through, std::uint64_t bytes);

 private:
  mutable Mutex mutex_;
  Position position_ GUARDED_BY(mutex_);
  std::uint64_t bytes_;  // the writer's
};

}  // namespace cc::store
