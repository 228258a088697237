#pragma once
// Rows of approvals and of commands are told in entries of their own, so that a reader of
// `approval.update` and `command.update` misses none, and one of `agent.update` neither.

#include <vector>

#include "fleet/change_set.h"

namespace cc::fleet {

/// What is to be told behind `whole`, in order, and is taken out of it; it may be empty then. What
/// tells of everything at once (`fleet.update`) stays whole. Costs nothing where there are no such
/// rows, which is nearly always.
[[nodiscard]] std::vector<ChangeSet> take_apart(ChangeSet& whole);

}  // namespace cc::fleet
