#pragma once
// Which runs have ended, as the sessions' rows of an entry say it; the same that
// `fleet::outcome_of` finds in a row.

#include <string_view>
#include <vector>

#include "base/result.h"
#include "fleet/run_end.h"

namespace cc::journal {

/// Reads the body of an entry. Thread-safe. kCorrupt where it is not one.
[[nodiscard]] Result<std::vector<fleet::RunEnd>> read_run_ends(std::string_view body);

}  // namespace cc::journal
