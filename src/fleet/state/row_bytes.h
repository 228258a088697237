#pragma once
// How much memory rows take.

#include <cstddef>

#include "fleet/rows/rows.h"
#include "fleet/rules/runs.h"
#include "fleet/state/packed_session.h"

namespace cc::fleet {

// About, where the fleet keeps the row, with what stands beside it.
[[nodiscard]] std::size_t bytes_of(const SessionView& row);
[[nodiscard]] std::size_t bytes_of(const PackedSession& row);
[[nodiscard]] std::size_t bytes_of(const Agent& row);
[[nodiscard]] std::size_t bytes_of(const Presence& row);
[[nodiscard]] std::size_t bytes_of(const Command& row);
[[nodiscard]] std::size_t bytes_of(const Approval& row);
[[nodiscard]] std::size_t bytes_of(const CronJob& row);
[[nodiscard]] std::size_t bytes_of(const AgentRuns& runs);

}  // namespace cc::fleet
