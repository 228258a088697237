#pragma once
// Copies the write-ahead log into the database, in small steps between commits.
//
// By default SQLite checkpoints inside a commit. Here the writer's thread does it when asked, and
// nobody else ever does: in the SQLite of Debian 12 a checkpoint that races a writer on another
// connection can lose a commit.

#include <cstdint>

#include <SQLiteCpp/Database.h>

namespace cc::store {

/// Belongs to the writer's thread; registers itself with the connection, so it stays where it is.
class Checkpointer {
 public:
  explicit Checkpointer(SQLite::Database& db);
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  /// Does nothing until 4 MiB were written since the last step. Then it copies what no reader's
  /// snapshot still needs. Waits for nobody, unless readers that overlap have kept the log from
  /// starting anew until it passed 64 MiB: then for 20 ms at most, which is many times what a page
  /// takes. Throws SQLite::Exception.
  void step();
  /// Everything, and an empty log, if no reader is in the way.
  void finish();

 private:
  static int count_frames(void* self, sqlite3* db, const char* name, int frames);
  void run(int mode, int patience_ms);

  SQLite::Database& db_;
  const std::uint64_t frame_bytes_;
  std::uint64_t log_bytes_ = 0;   // of the log in use
  std::uint64_t stepped_at_ = 0;  // `log_bytes_` at the last step
};

}  // namespace cc::store
