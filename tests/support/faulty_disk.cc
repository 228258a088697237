// A disk that misbehaves under a running program: preloaded, it stands between SQLite and the file
// of the database and its log. A tester says what it does by writing two numbers into the file that
// FAULTY_DISK names: the error of every write and sync (0: none), and how many milliseconds a sync
// takes more than usual.

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

namespace {

struct Orders {
  std::int32_t error;
  std::int32_t sync_ms;
};

const volatile Orders& orders() {
  static const volatile Orders* const kMapped = [] {
    static const Orders kNone{};
    const char* path = std::getenv("FAULTY_DISK");
    const int file = path == nullptr ? -1 : ::open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return &kNone;
    void* at = ::mmap(nullptr, sizeof(Orders), PROT_READ, MAP_SHARED, file, 0);
    ::close(file);
    return at == MAP_FAILED ? &kNone : static_cast<const Orders*>(at);
  }();
  return *kMapped;
}

bool is_database(int file) {
  char link[32] = "/proc/self/fd/";
  char digits[12];
  int length = 0;
  do digits[length++] = static_cast<char>('0' + file % 10);
  while ((file /= 10) > 0);
  for (int i = 0; i < length; ++i) link[14 + i] = digits[length - 1 - i];
  link[14 + length] = '\0';
  char path[512];
  const ssize_t size = ::readlink(link, path, sizeof path);
  if (size <= 0) return false;
  const std::string_view name(path, static_cast<std::size_t>(size));
  return name.ends_with(".db") || name.ends_with(".db-wal");
}

/// Whether the call fails; `errno` says why.
bool refuses(int file) {
  const int error = orders().error;
  if (error == 0 || !is_database(file)) return false;
  errno = error;
  return true;
}

void dawdle(int file) {
  const int milliseconds = orders().sync_ms;
  if (milliseconds == 0 || !is_database(file)) return;
  const timespec time{milliseconds / 1000, milliseconds % 1000 * 1'000'000L};
  ::nanosleep(&time, nullptr);
}

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

ssize_t pwrite64(int file, const void* data, size_t size, off64_t offset) {
  static auto* const kNext = next<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
  return refuses(file) ? -1 : kNext(file, data, size, offset);
}

ssize_t pwrite(int file, const void* data, size_t size, off_t offset) {
  static auto* const kNext = next<ssize_t(int, const void*, size_t, off_t)>("pwrite");
  return refuses(file) ? -1 : kNext(file, data, size, offset);
}

int ftruncate64(int file, off64_t size) noexcept {
  static auto* const kNext = next<int(int, off64_t)>("ftruncate64");
  return refuses(file) ? -1 : kNext(file, size);
}

int fdatasync(int file) {
  static auto* const kNext = next<int(int)>("fdatasync");
  dawdle(file);
  return refuses(file) ? -1 : kNext(file);
}

int fsync(int file) {
  static auto* const kNext = next<int(int)>("fsync");
  dawdle(file);
  return refuses(file) ? -1 : kNext(file);
}
}
