#include "store/sqlite/checkpointer.h"

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include "store/sqlite/connection.h"

namespace cc::store {
namespace {

constexpr std::uint64_t kStepBytes = 4U << 20U;
constexpr std::uint64_t kLargeBytes = 64U << 20U;
constexpr int kPatienceMs = 20;
constexpr std::uint64_t kFrameHeader = 24;

}  // namespace

Checkpointer::Checkpointer(SQLite::Database& db)
    : db_(db),
      frame_bytes_(static_cast<std::uint64_t>(db.execAndGet("PRAGMA page_size").getInt64()) +
                   kFrameHeader) {
  sqlite3_wal_hook(db_.getHandle(), &Checkpointer::count_frames, this);
}

Checkpointer::~Checkpointer() {
  sqlite3_wal_hook(db_.getHandle(), nullptr, nullptr);
}

int Checkpointer::count_frames(void* self, sqlite3* /*db*/, const char* /*name*/, int frames) {
  auto& own = *static_cast<Checkpointer*>(self);
  own.log_bytes_ = static_cast<std::uint64_t>(frames) * own.frame_bytes_;
  if (own.log_bytes_ < own.stepped_at_) own.stepped_at_ = 0;  // the log has started anew
  return SQLITE_OK;
}

void Checkpointer::step() {
  if (log_bytes_ - stepped_at_ < kStepBytes) return;
  if (log_bytes_ < kLargeBytes) {
    run(SQLITE_CHECKPOINT_PASSIVE, 0);
  } else {
    run(SQLITE_CHECKPOINT_TRUNCATE, kPatienceMs);
  }
  stepped_at_ = log_bytes_;
}

void Checkpointer::finish() {
  run(SQLITE_CHECKPOINT_TRUNCATE, kPatienceMs);
}

void Checkpointer::run(int mode, int patience_ms) {
  sqlite3* db = db_.getHandle();
  db_.setBusyTimeout(patience_ms);
  const int code = sqlite3_wal_checkpoint_v2(db, nullptr, mode, nullptr, nullptr);
  db_.setBusyTimeout(kBusyTimeoutMs);
  if (code != SQLITE_OK && code != SQLITE_BUSY) throw SQLite::Exception(db, code);
}

}  // namespace cc::store
