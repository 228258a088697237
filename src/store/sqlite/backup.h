#pragma once
// Copies a database that is in use.

#include <filesystem>

#include "base/result.h"
#include "store/sqlite/connection.h"

namespace cc::store {

/// Copies what is committed into `target`, over a read-only connection of its own, marks the copy,
/// and gives it its name only when it is whole and on disk. Whatever goes wrong, nothing is left.
/// Thread-safe. Errors: kInvalid (`target` exists), kCancelled (told to stop), kUnavailable, also
/// where the disk has no room for both the copy and what is written meanwhile.
[[nodiscard]] Result<void> back_up_sqlite(const DatabaseFile& source,
                                          const std::filesystem::path& target,
                                          const BackupWatch& watch);

}  // namespace cc::store
