#include "app/config/secret_source.h"

#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/descriptor.h"
#include "base/text.h"

namespace cc::app {
namespace {

constexpr std::size_t kMaxSecretBytes = 4096;

std::string reason(int error) {
  return std::generic_category().message(error);
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(kBlank) - first + 1));
}

Result<void> check_mode(int fd, const std::string& key, const std::filesystem::path& file) {
  struct stat info{};
  if (::fstat(fd, &info) != 0) {
    return fail(ErrorCode::kUnavailable,
                fmt::format("{}: cannot read {}: {}", key, file.string(), reason(errno)));
  }
  if (!S_ISREG(info.st_mode)) {
    return fail(ErrorCode::kInvalid, fmt::format("{}: {} is not a file", key, file.string()));
  }
  if ((info.st_mode & 077U) != 0) {
    return fail(
        ErrorCode::kRefused,
        fmt::format("{}: others than its owner can reach {} (mode {:04o}); run: chmod 600 {}", key,
                    file.string(), info.st_mode & 07777U, file.string()));
  }
  return {};
}

// A secret longer than the buffer is as good as none: it would not pass for one with any gateway.
Result<std::string> read_all(int fd, const std::string& key, const std::filesystem::path& file) {
  std::array<char, kMaxSecretBytes + 1> buffer{};
  std::size_t size = 0;
  while (size < buffer.size()) {
    const auto got = ::read(fd, buffer.data() + size, buffer.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      return fail(ErrorCode::kUnavailable,
                  fmt::format("{}: cannot read {}: {}", key, file.string(), reason(errno)));
    }
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > kMaxSecretBytes) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{}: {} is too long for a secret", key, file.string()));
  }
  return trimmed({buffer.data(), size});
}

Result<Secret> read_file(const std::string& key, const std::filesystem::path& file) {
  const Descriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (fd.get() < 0) {
    return fail(ErrorCode::kUnavailable,
                fmt::format("{}: cannot read {}: {}", key, file.string(), reason(errno)));
  }
  if (auto mode = check_mode(fd.get(), key, file); !mode) return std::unexpected(mode.error());
  auto text = read_all(fd.get(), key, file);
  if (!text) return std::unexpected(text.error());
  if (text->empty()) {
    return fail(ErrorCode::kInvalid, fmt::format("{}: {} is empty", key, file.string()));
  }
  if (clean_text(*text) != *text) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{}: {} holds more than one line or is not text", key, file.string()));
  }
  return Secret(std::move(*text));
}

}  // namespace

SecretSource SecretSource::from_value(std::string key, Secret value) {
  SecretSource source;
  source.key_ = std::move(key);
  source.value_ = std::move(value);
  return source;
}

SecretSource SecretSource::from_file(std::string key, std::filesystem::path file) {
  SecretSource source;
  source.key_ = std::move(key);
  source.file_ = std::move(file);
  return source;
}

Result<Secret> SecretSource::read() const {
  if (is_file()) return read_file(key_, file_);
  return value_;
}

}  // namespace cc::app
