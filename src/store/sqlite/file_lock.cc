#include "store/sqlite/file_lock.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace cc::store {

Result<FileLock> FileLock::take(const std::filesystem::path& database) {
  const std::string path = database.string() + "-lock";
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return fail(ErrorCode::kUnavailable, "the lock file " + path + " cannot be opened: " +
                                             std::generic_category().message(errno));
  }
  FileLock lock(descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno == EWOULDBLOCK) {
    return fail(ErrorCode::kInUse,
                "the database " + database.string() + " is in use: another process has it open");
  }
  return fail(ErrorCode::kUnavailable, "the lock file " + path + " cannot be locked: " +
                                           std::generic_category().message(errno));
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace cc::store
