#include "auth/private_file.h"

#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cc::auth {
namespace {

constexpr mode_t kOthers = S_IRWXG | S_IRWXO;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] bool open() const { return number_ >= 0; }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

/// What the system said last, about `file`.
std::unexpected<Error> system_failure(std::string_view what, const std::filesystem::path& file) {
  const auto reason = std::generic_category().message(errno);
  return fail(ErrorCode::kUnavailable, std::string(what) + " " + file.string() + ": " + reason);
}

Result<void> check(int descriptor, const std::filesystem::path& file) {
  struct stat status{};
  if (::fstat(descriptor, &status) != 0) return system_failure("cannot examine", file);
  if (!S_ISREG(status.st_mode))
    return fail(ErrorCode::kRefused, file.string() + " is not a plain file");
  if ((status.st_mode & kOthers) != 0) {
    return fail(ErrorCode::kRefused,
                file.string() + " holds secrets and is open to other users; run: chmod 600 '" +
                    file.string() + "'");
  }
  return {};
}

Result<std::string> read_all(int descriptor, const std::filesystem::path& file,
                             std::size_t max_bytes) {
  std::string content;
  std::array<char, 16384> part{};
  for (;;) {
    const auto got = ::read(descriptor, part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_failure("cannot read", file);
    if (got == 0) return content;
    content.append(part.data(), static_cast<std::size_t>(got));
    if (content.size() > max_bytes)
      return fail(ErrorCode::kTooLarge, file.string() + " is too large");
  }
}

bool write_all(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const auto put = ::write(descriptor, content.data(), content.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

Result<void> write_new(const std::filesystem::path& file, std::string_view content) {
  // One that an interrupted attempt left behind, or that somebody put there: never written into.
  ::unlink(file.c_str());
  const Descriptor descriptor(
      ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!descriptor.open()) return system_failure("cannot create", file);
  if (!write_all(descriptor.number(), content) || ::fsync(descriptor.number()) != 0) {
    auto failure = system_failure("cannot write", file);
    ::unlink(file.c_str());
    return failure;
  }
  return {};
}

Result<void> sync_directory(const std::filesystem::path& directory) {
  const Descriptor descriptor(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor.open() || ::fsync(descriptor.number()) != 0)
    return system_failure("cannot write", directory);
  return {};
}

}  // namespace

Result<std::optional<std::string>> read_private_file(const std::filesystem::path& file,
                                                     std::size_t max_bytes) {
  // Without O_NONBLOCK a pipe put in its place would hold us up for ever.
  const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!descriptor.open() && errno == ENOENT) return std::nullopt;
  if (!descriptor.open()) return system_failure("cannot read", file);
  if (auto checked = check(descriptor.number(), file); !checked) {
    return std::unexpected(checked.error());
  }
  return read_all(descriptor.number(), file, max_bytes);
}

Result<void> replace_private_file(const std::filesystem::path& file, std::string_view content) {
  const auto fresh = std::filesystem::path(file) += ".new";
  if (auto written = write_new(fresh, content); !written) return written;
  if (::rename(fresh.c_str(), file.c_str()) != 0) {
    auto failure = system_failure("cannot replace", file);
    ::unlink(fresh.c_str());
    return failure;
  }
  const auto directory = file.parent_path();
  return sync_directory(directory.empty() ? "." : directory);
}

}  // namespace cc::auth
