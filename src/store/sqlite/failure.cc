#include "store/sqlite/failure.h"

#include <sqlite3.h>

namespace cc::store {
namespace {

int primary_code(const SQLite::Exception& thrown) {
  return thrown.getErrorCode() < 0 ? SQLITE_ERROR : thrown.getErrorCode() & 0xFF;
}

Error about(const std::filesystem::path& file, ErrorCode code, const std::string& what) {
  return Error{code, "the database " + file.string() + " " + what};
}

}  // namespace

bool is_lock_conflict(const SQLite::Exception& thrown) {
  const int code = primary_code(thrown);
  return code == SQLITE_BUSY || code == SQLITE_LOCKED;
}

Error sqlite_failure(const SQLite::Exception& thrown, const std::filesystem::path& file) {
  using enum ErrorCode;
  const std::string reason = std::string(" (") + thrown.what() + ")";
  switch (primary_code(thrown)) {
    case SQLITE_FULL: return about(file, kUnavailable, "cannot grow: its disk is full");
    case SQLITE_IOERR:
      return about(file, kUnavailable,
                   "cannot be read or written: disk I/O error " +
                       std::to_string(thrown.getExtendedErrorCode()));
    case SQLITE_READONLY:
    case SQLITE_PERM: return about(file, kUnavailable, "cannot be written" + reason);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL: return about(file, kUnavailable, "is locked by another program");
    case SQLITE_CANTOPEN:
    case SQLITE_AUTH: return about(file, kUnavailable, "cannot be opened" + reason);
    case SQLITE_NOMEM: return about(file, kUnavailable, "cannot be used: memory ran out");
    case SQLITE_INTERRUPT: return about(file, kCancelled, "was interrupted");
    case SQLITE_NOTADB: return about(file, kCorrupt, "is not a database");
    case SQLITE_CORRUPT: return about(file, kCorrupt, "is damaged" + reason);
    case SQLITE_TOOBIG: return about(file, kTooLarge, "does not take a value of that size");
    default: return about(file, kCorrupt, "does not hold what it should" + reason);
  }
}

}  // namespace cc::store
