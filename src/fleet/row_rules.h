#pragma once
// How a patch changes a row: what is said, what is left out, what is stale. Part of `merge`.

#include "fleet/observation.h"
#include "fleet/rows.h"

namespace cc::fleet {

/// `complete`: the patch is the whole row, so what is not said is nothing.
void apply(Agent& row, const AgentPatch& patch, bool complete);

/// `keep_run_state`: status, start and end stay as they are.
void apply(SessionView& row, const SessionPatch& patch, bool keep_run_state);
/// Whether `apply` would leave the row as it is. A resync finds a hundred thousand rows of which
/// that is true, and to copy each only to compare it was most of its work.
[[nodiscard]] bool says_nothing_new(const SessionView& held, const SessionPatch& patch,
                                    bool keep_run_state);

void apply(Presence& row, const PresencePatch& patch);

void apply(Gateway& row, const ConnectionReport& report);

/// Whether the patch is older than what is held, by the gateway's own clock.
[[nodiscard]] bool is_stale(const SessionView& held, const SessionPatch& patch);

}  // namespace cc::fleet
