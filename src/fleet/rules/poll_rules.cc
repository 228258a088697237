#include "fleet/rules/poll_rules.h"

#include "fleet/row_rules.h"

namespace cc::fleet {

void PollRules::polled(const Polled& poll) {
  TextMap<bool> listed;
  for (const auto& patch : poll.agents) {
    listed.try_emplace(patch.id, true);
    agent_polled(patch);
  }
  if (poll.complete) {
    remove_unlisted<Agent>(context_.draft, listed,
                           [](const Agent& row) { return row.source == Source::kRest; });
    nobody_sees_others(listed);
  }
  for (const auto& patch : poll.sessions.sessions) note_progress(patch);
  sessions_.listed(poll.sessions);
  agents_.count_sessions();
}

void PollRules::agent_polled(const AgentPatch& patch) {
  const bool is_new = context_.draft.peek<Agent>(patch.id) == nullptr;
  Agent& row = agents_.obtain(patch.id);
  apply(row, patch, false);
  if (patch.status) report_status(row, *patch.status);
  if (is_new && !patch.status) context_.changed.mark_changed(patch.id);
}

/// They stay, since the WebSocket brought them. What they do, nobody tells.
void PollRules::nobody_sees_others(const TextMap<bool>& listed) {
  std::vector<std::string> unseen;
  context_.draft.each<Agent>([&](const Agent& row) {
    if (!listed.contains(row.id)) unseen.push_back(row.id);
  });
  for (const auto& id : unseen) {
    report_status(*context_.draft.edit<Agent>(id), AgentStatus::kUnknown);
  }
}

void PollRules::report_status(Agent& row, AgentStatus status) {
  if (row.reported_status != status) row.status_since = context_.seen.at;
  row.reported_status = status;
  row.status_reason.reset();
  row.status_session_key.reset();
  row.silent_since.reset();
  row.active_runs = 0;
  context_.draft.remove<AgentRuns>(row.id);
}

void PollRules::note_progress(const SessionPatch& patch) {
  const auto held = context_.draft.peek<Session>(patch.key);
  if (!held || !held->agent_id || !patch.updated_at) return;
  if (*patch.updated_at > held->updated_at) {
    context_.runs.progress(std::string(*held->agent_id), std::string(patch.key), {});
  }
}

}  // namespace cc::fleet
