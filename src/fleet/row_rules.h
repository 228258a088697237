#pragma once
// How a patch changes a row. Part of `merge`.

#include "fleet/observation.h"
#include "fleet/rows/rows.h"

namespace cc::fleet {

/// `complete`: the patch is the whole row, so a field that is not said becomes null.
void apply(Agent& row, const AgentPatch& patch, bool complete);

/// `keep_run_state`: status, start and end stay as they are.
void apply(SessionView& row, const SessionPatch& patch, bool keep_run_state);
/// Whether `apply` would change nothing. True for nearly all rows of a resync; copying each row
/// only to compare it was most of its cost.
[[nodiscard]] bool says_nothing_new(const SessionView& held, const SessionPatch& patch,
                                    bool keep_run_state);

void apply(Presence& row, const PresencePatch& patch);
void apply(Approval& row, const ApprovalPatch& patch);
void apply(CronJob& row, const CronPatch& patch);

/// `now`: since when it has its state, where that is another one than before.
void apply(Gateway& row, const ConnectionReport& report, TimeMs now);

/// Whether the patch is older than the row, by the gateway's clock.
[[nodiscard]] bool is_stale(const SessionView& held, const SessionPatch& patch);

}  // namespace cc::fleet
