#include "store/sqlite/backup.h"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/sqlite/database_copy.h"
#include "store/sqlite/failure.h"

namespace cc::store {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> cannot(const fs::path& target, int error) {
  return fail(ErrorCode::kUnavailable, "the backup " + target.string() + " cannot be written: " +
                                           std::generic_category().message(error));
}

std::unexpected<Error> taken(const fs::path& target) {
  return fail(ErrorCode::kInvalid,
              "the backup " + target.string() + " exists already; it was left as it is");
}

/// An empty file of mode 0600 beside the target, gone again unless it was given its name.
class PartialFile {
 public:
  static Result<PartialFile> beside(const fs::path& target) {
    std::string name = target.string() + ".XXXXXX";
    const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
    if (descriptor < 0) return cannot(target, errno);
    ::close(descriptor);
    return PartialFile(name);
  }
  PartialFile(PartialFile&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  PartialFile& operator=(PartialFile&&) = delete;
  ~PartialFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }

  [[nodiscard]] const fs::path& path() const { return path_; }

  Result<void> rename_to(const fs::path& target) {
    int moved = ::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target.c_str(), RENAME_NOREPLACE);
    // Some file systems cannot refuse to replace; that nothing is there was seen before.
    if (moved != 0 && errno == EINVAL) moved = ::rename(path_.c_str(), target.c_str());
    if (moved != 0) return errno == EEXIST ? taken(target) : cannot(target, errno);
    path_.clear();
    return {};
  }

 private:
  explicit PartialFile(fs::path path) : path_(std::move(path)) {}
  fs::path path_;
};

Result<void> sync_to_disk(const fs::path& path, int flags, const fs::path& target) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
  if (descriptor < 0) return cannot(target, errno);
  const int synced = ::fsync(descriptor);
  const int error = errno;
  ::close(descriptor);
  if (synced != 0) return cannot(target, error);
  return {};
}

/// The database may stand on the same disk: a copy must not take the last of it.
constexpr std::uint64_t kRoomToLeave = std::uint64_t{64} << 20U;

Result<void> check_room(const fs::path& target, std::uint64_t expected) {
  std::error_code unknown;
  const auto room = fs::space(target.parent_path(), unknown).available;
  if (unknown || room >= expected + kRoomToLeave) return {};
  constexpr std::uint64_t kMegabyte = 1'000'000;
  return fail(ErrorCode::kUnavailable, "the backup " + target.string() + " takes about " +
                                           std::to_string(expected / kMegabyte) +
                                           " MB, and its disk has " +
                                           std::to_string(room / kMegabyte) + " MB left");
}

Result<void> copy_into(const DatabaseFile& source, const fs::path& copy, const BackupWatch& watch) {
  return guard_sqlite(copy, [&]() -> Result<void> {
    DatabaseCopy making(source, {copy, source.vfs}, watch);
    if (auto fits = check_room(copy, making.expected_bytes()); !fits) return fits;
    making.run();
    return {};
  });
}

}  // namespace

Result<void> back_up_sqlite(const DatabaseFile& source, const fs::path& target,
                            const BackupWatch& watch) {
  const fs::path absolute = fs::absolute(target);
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(absolute, ignored))) return taken(absolute);
  auto partial = PartialFile::beside(absolute);
  if (!partial) return std::unexpected(partial.error());
  if (auto copied = copy_into(source, partial->path(), watch); !copied) return copied;
  if (auto synced = sync_to_disk(partial->path(), O_RDONLY, absolute); !synced) return synced;
  if (auto named = partial->rename_to(absolute); !named) return named;
  return sync_to_disk(absolute.parent_path(), O_RDONLY | O_DIRECTORY, absolute);
}

}  // namespace cc::store
