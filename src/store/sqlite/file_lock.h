#pragma once
// One process at a time: an advisory lock on a file beside the database.
//
// Not on the database itself: closing any descriptor of a file drops all POSIX locks that this
// process has on it, SQLite's among them. The lock file stays; removing it could leave two
// processes with a lock each.

#include <filesystem>

#include "base/result.h"

namespace cc::store {

/// Held until destroyed, or until the process ends in whatever way.
class FileLock {
 public:
  /// The lock file of `database` is `database` and "-lock". Never waits. Errors: kInUse,
  /// kUnavailable.
  [[nodiscard]] static Result<FileLock> take(const std::filesystem::path& database);

  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace cc::store
