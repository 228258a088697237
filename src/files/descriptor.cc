#include "files/descriptor.h"

#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace cc::files {
namespace {

Result<void> sync(const std::filesystem::path& path, int flags) {
  const Descriptor opened(::open(path.c_str(), O_RDONLY | O_CLOEXEC | flags));
  if (!opened.is_open() || ::fsync(opened.get()) != 0) return system_failure("write", path);
  return {};
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

bool write_all(const Descriptor& out, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(out.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

Result<void> sync_file(const std::filesystem::path& file) {
  return sync(file, O_NONBLOCK);
}

Result<void> sync_folder_of(const std::filesystem::path& file) {
  return sync(file.has_parent_path() ? file.parent_path() : ".", O_DIRECTORY);
}

std::unexpected<Error> system_failure(std::string_view what, const std::filesystem::path& file) {
  const auto reason = std::generic_category().message(errno);
  return fail(ErrorCode::kUnavailable,
              "cannot " + std::string(what) + " " + file.string() + ": " + reason);
}

}  // namespace cc::files
