#pragma once
// What follows from runs in the rows of agents and sessions: `activeRuns`, an agent's status, what
// holds a session up. Part of `merge`.

#include "fleet/rules/changed_runs.h"

namespace cc::fleet {

/// Brings the sessions that are marked up to date, and doubts those in which a run became active
/// that their row says has ended.
void update_session_rows(Draft& draft, ChangedRuns& changed);
/// The same with the agents that are marked.
void update_agent_rows(Draft& draft, const ChangedRuns& changed, TimeMs now);

}  // namespace cc::fleet
