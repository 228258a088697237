#include "files/lock.h"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>

namespace cc::files {
namespace {

int flock_again(int fd, int how) {
  int done = 0;
  do done = ::flock(fd, how);
  while (done != 0 && errno == EINTR);
  return done;
}

}  // namespace

Result<FileLock> FileLock::take(const std::filesystem::path& file) {
  return lock(file, LOCK_EX | LOCK_NB);
}

Result<FileLock> FileLock::wait_for(const std::filesystem::path& file) {
  return lock(file, LOCK_EX);
}

Result<FileLock> FileLock::lock(const std::filesystem::path& file, int how) {
  Descriptor opened(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!opened.is_open()) return system_failure("open", file);
  if (flock_again(opened.get(), how) == 0) return FileLock(std::move(opened));
  if (errno == EWOULDBLOCK) return fail(ErrorCode::kInUse, file.string() + " is locked");
  return system_failure("lock", file);
}

}  // namespace cc::files
