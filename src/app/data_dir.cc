#include "app/data_dir.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cc::app {
namespace {

namespace fs = std::filesystem;

fs::path lock_file(const fs::path& root) {
  return root / "lock";
}

Result<void> make_private(const fs::path& directory) {
  std::error_code error;
  if (directory.has_parent_path()) fs::create_directories(directory.parent_path(), error);
  if (::mkdir(directory.c_str(), 0700) == 0) return {};
  const int why = errno;
  if (why == EEXIST && fs::is_directory(directory, error)) return {};
  return fail(ErrorCode::kUnavailable,
              fmt::format("cannot make the data directory {}: {}", directory.string(),
                          std::generic_category().message(why)));
}

// A lock of the open file, not of the process: two in one process exclude each other too, and
// unlike flock's it can be asked for without taking it, so that looking never stops a server from
// starting.
bool lock_whole(int fd) {
  struct flock whole{};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  return ::fcntl(fd, F_OFD_SETLK, &whole) == 0;
}

bool is_locked(int fd) {
  struct flock whole{};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  return ::fcntl(fd, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
}

pid_t read_pid(int fd) {
  std::array<char, 32> text{};
  const auto size = ::pread(fd, text.data(), text.size(), 0);
  pid_t pid = 0;
  if (size > 0) std::from_chars(text.data(), text.data() + size, pid);
  return pid;
}

// For people and for error lines; the lock itself is what counts.
void write_pid(int fd) {
  const auto text = fmt::format("{}\n", ::getpid());
  if (::ftruncate(fd, 0) == 0) std::ignore = ::pwrite(fd, text.data(), text.size(), 0);
}

std::string in_use(const fs::path& root, pid_t pid) {
  return pid == 0
             ? fmt::format("the data directory {} is in use by another process", root.string())
             : fmt::format("the data directory {} is in use by process {}", root.string(), pid);
}

}  // namespace

Result<DataDir> DataDir::open(const fs::path& root) {
  if (auto made = make_private(root); !made) return std::unexpected(made.error());
  files::Descriptor lock(::open(lock_file(root).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock.get() < 0) {
    return fail(ErrorCode::kUnavailable,
                fmt::format("cannot write to the data directory {}: {}", root.string(),
                            std::generic_category().message(errno)));
  }
  if (!lock_whole(lock.get())) {
    return fail(ErrorCode::kInUse, in_use(root, read_pid(lock.get())));
  }
  write_pid(lock.get());
  return DataDir(root, std::move(lock));
}

Result<fs::path> DataDir::make_scratch() const {
  auto scratch = root_ / "scratch";
  std::error_code error;
  fs::remove_all(scratch, error);
  if (auto made = make_private(scratch); !made) return std::unexpected(made.error());
  return scratch;
}

std::optional<pid_t> DataDir::holder(const fs::path& root) {
  const files::Descriptor lock(::open(lock_file(root).c_str(), O_RDONLY | O_CLOEXEC));
  if (lock.get() < 0 || !is_locked(lock.get())) return std::nullopt;
  return read_pid(lock.get());
}

bool DataDir::open_to_others(const fs::path& root) {
  struct stat info{};
  return ::stat(root.c_str(), &info) == 0 && (info.st_mode & 077U) != 0;
}

}  // namespace cc::app
