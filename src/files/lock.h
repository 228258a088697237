#pragma once
// One at a time: an advisory lock on a file that is there for nothing else.
//
// The lock file stays. Removing it could leave two processes with a lock each.

#include <filesystem>

#include "base/result.h"
#include "files/descriptor.h"

namespace cc::files {

/// Held until destroyed, or until the process ends in whatever way. Excludes other holders in the
/// same process too.
class FileLock {
 public:
  /// Never waits. kInUse where somebody has it, kUnavailable where the file cannot be opened or
  /// locked.
  [[nodiscard]] static Result<FileLock> take(const std::filesystem::path& file);
  /// Waits until nobody else has it. kUnavailable.
  [[nodiscard]] static Result<FileLock> wait_for(const std::filesystem::path& file);

 private:
  explicit FileLock(Descriptor held) : held_(std::move(held)) {}
  static Result<FileLock> lock(const std::filesystem::path& file, int how);
  Descriptor held_;
};

}  // namespace cc::files
