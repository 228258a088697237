#pragma once
// A copy of a database that is in use.

#include <filesystem>

#include "base/result.h"
#include "store/sqlite/connection.h"

namespace cc::store {

/// Copies what is committed now into `target`, over a read-only connection of its own, marks the
/// copy, and gives it its name only when it is whole and on disk. Thread-safe. Errors: kInvalid
/// (`target` exists), kUnavailable.
[[nodiscard]] Result<void> back_up_sqlite(const DatabaseFile& source,
                                          const std::filesystem::path& target);

}  // namespace cc::store
