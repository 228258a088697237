#include "store/sqlite/backup.h"

#include <system_error>

#include "files/new_file.h"
#include "store/sqlite/database_copy.h"
#include "store/sqlite/failure.h"

namespace cc::store {
namespace {

namespace fs = std::filesystem;

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
  auto partial = files::NewFile::beside(fs::absolute(target));
  if (!partial) return std::unexpected(partial.error());
  if (auto copied = copy_into(source, partial->path(), watch); !copied) return copied;
  return partial->finish();
}

}  // namespace cc::store
