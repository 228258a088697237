#include "gateway/device_tokens.h"

#include <cerrno>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <simdjson.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json_writer.h"

namespace cc::gateway {

namespace {

using Tokens = std::map<std::string, std::string>;
constexpr off_t kMostBytes = 1 << 20;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool open() const { return fd_ >= 0; }

 private:
  int fd_;
};

std::unexpected<Error> system_failure(const std::string& what) {
  const auto reason = std::error_code(errno, std::generic_category()).message();
  return fail(ErrorCode::kUnavailable, "The device tokens cannot be " + what + ": " + reason + ".");
}

std::filesystem::path beside(const std::filesystem::path& file, const char* suffix) {
  std::filesystem::path path = file;
  path += suffix;
  return path;
}

/// Held until it goes out of scope.
Result<std::unique_ptr<Descriptor>> lock(const std::filesystem::path& file) {
  const auto path = beside(file, ".lock");
  auto held =
      std::make_unique<Descriptor>(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!held->open() || ::flock(held->get(), LOCK_EX) != 0) return system_failure("locked");
  return held;
}

Result<Tokens> parse(const std::string& json) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(json).get(object) != simdjson::SUCCESS) {
    return fail(ErrorCode::kCorrupt, "The file of device tokens is damaged.");
  }
  Tokens tokens;
  for (const auto [key, value] : object) {
    std::string_view token;
    if (value.get(token) == simdjson::SUCCESS) tokens.emplace(key, token);
  }
  return tokens;
}

Result<std::string> read_all(int fd, std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = ::read(fd, bytes.data() + done, size - done);
    if (got <= 0) return system_failure("read");
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

Result<Tokens> load(const std::filesystem::path& file) {
  const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!in.open()) {
    if (errno == ENOENT) return Tokens{};
    return system_failure("read");
  }
  struct stat status{};
  if (::fstat(in.get(), &status) != 0) return system_failure("read");
  if ((status.st_mode & 077U) != 0) {
    return fail(ErrorCode::kRefused, "The file of device tokens can be read by others.");
  }
  if (status.st_size > kMostBytes)
    return fail(ErrorCode::kCorrupt, "The file of device tokens is too large.");
  auto bytes = read_all(in.get(), static_cast<std::size_t>(status.st_size));
  if (!bytes) return std::unexpected(bytes.error());
  return parse(*bytes);
}

std::string encode(const Tokens& tokens) {
  std::string json;
  JsonWriter writer(json);
  writer.begin_object();
  for (const auto& [key, token] : tokens) writer.field(key, token);
  writer.end_object();
  json.push_back('\n');
  return json;
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(fd, bytes.data(), bytes.size());
    if (wrote <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return ::fsync(fd) == 0;
}

Result<void> save(const std::filesystem::path& file, const Tokens& tokens) {
  const auto fresh = beside(file, ".new");
  ::unlink(fresh.c_str());
  {
    const Descriptor out(
        ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!out.open() || !write_all(out.get(), encode(tokens))) return system_failure("written");
  }
  if (::rename(fresh.c_str(), file.c_str()) != 0) return system_failure("written");
  return {};
}

}  // namespace

Result<Secret> DeviceTokens::find(const DeviceTokenKey& key) const {
  auto tokens = load(file_);
  if (!tokens) return std::unexpected(tokens.error());
  const auto found = tokens->find(key.text());
  return found == tokens->end() ? Secret() : Secret(std::move(found->second));
}

Result<void> DeviceTokens::store(const DeviceTokenKey& key, const Secret& token) const {
  auto held = lock(file_);
  if (!held) return std::unexpected(held.error());
  Tokens tokens = load(file_).value_or(Tokens{});
  std::string& kept = tokens[key.text()];
  if (kept == token.reveal()) return {};
  kept = token.reveal();
  return save(file_, tokens);
}

Result<void> DeviceTokens::forget(const DeviceTokenKey& key) const {
  auto held = lock(file_);
  if (!held) return std::unexpected(held.error());
  Tokens tokens = load(file_).value_or(Tokens{});
  if (tokens.erase(key.text()) == 0) return {};
  return save(file_, tokens);
}

}  // namespace cc::gateway
