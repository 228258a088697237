#pragma once
// Rows of approvals and of commands are told in entries of their own, so that a reader of
// `approval.update` and `command.update` misses none, and one of `agent.update` neither.

#include <vector>

#include "fleet/change_set.h"

namespace cc::fleet {

/// The same changes, in order. What tells of everything at once (`fleet.update`) stays whole. None
/// of them is empty.
[[nodiscard]] std::vector<ChangeSet> apart(ChangeSet whole);

}  // namespace cc::fleet
