#include "files/new_file.h"

#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

namespace cc::files {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> taken(const fs::path& target) {
  return fail(ErrorCode::kInvalid,
              target.string() + " is there already and is left as it is; name a new file");
}

int rename_without_replacing(const fs::path& from, const fs::path& to) {
  const int moved = ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE);
  // Some file systems cannot refuse to replace; that nothing is there was seen before.
  return moved != 0 && errno == EINVAL ? ::rename(from.c_str(), to.c_str()) : moved;
}

}  // namespace

Result<NewFile> NewFile::beside(const fs::path& target) {
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(target, ignored))) return taken(target);
  std::string name = target.string() + ".XXXXXX";
  Descriptor opened(::mkostemp(name.data(), O_CLOEXEC));
  if (!opened.is_open()) return system_failure("write", target);
  return NewFile(target, name, std::move(opened));
}

NewFile::NewFile(NewFile&& other) noexcept
    : target_(std::move(other.target_)),
      path_(std::exchange(other.path_, {})),
      opened_(std::move(other.opened_)) {}

NewFile::~NewFile() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

Result<void> NewFile::finish() {
  if (::fsync(opened_.get()) != 0) return system_failure("write", target_);
  if (rename_without_replacing(path_, target_) != 0) {
    return errno == EEXIST ? taken(target_) : system_failure("write", target_);
  }
  path_.clear();
  return sync_folder_of(target_);
}

}  // namespace cc::files
