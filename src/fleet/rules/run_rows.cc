#include "fleet/rules/run_rows.h"

#include <algorithm>

#include "fleet/rules/run_book.h"

namespace cc::fleet {
namespace {

TimeMs last_sign(const AgentRuns& runs) {
  TimeMs latest = 0;
  for (const Run& run : runs.runs) latest = std::max(latest, run.last_progress_at);
  return latest;
}

AgentStatus status_of(const AgentRuns& runs) {
  if (!runs.approvals.empty()) return AgentStatus::kWaiting;
  if (std::ranges::any_of(runs.runs, &Run::stalled)) return AgentStatus::kStalled;
  if (!runs.runs.empty()) return AgentStatus::kWorking;
  if (runs.last_end && is_failure(runs.last_end->status)) return AgentStatus::kError;
  return AgentStatus::kIdle;
}

const Run& most_silent(const AgentRuns& runs) {
  return *std::ranges::min_element(runs.runs, {}, &Run::last_progress_at);
}

Text reason_for(AgentStatus status, const AgentRuns& runs) {
  switch (status) {
    case AgentStatus::kWaiting:
      return "A run in " + runs.approvals.front().session_key + " waits for a person's approval.";
    case AgentStatus::kStalled:
      return "No sign of progress from the run in " + most_silent(runs).session_key + ".";
    case AgentStatus::kError:
      if (!runs.last_end->error.empty()) return runs.last_end->error;
      return "The last run, in " + runs.last_end->session_key + ", " +
             (runs.last_end->status == "timeout" ? "timed out." : "failed.");
    default: return std::nullopt;
  }
}

void update_session(Draft& draft, const std::string& key) {
  const auto row = draft.peek<Session>(key);
  if (!row) return;
  std::int64_t active = 0;
  if (const AgentRuns* runs = row->agent_id ? draft.peek<AgentRuns>(*row->agent_id) : nullptr) {
    active = std::ranges::count(runs->runs, key, &Run::session_key);
  }
  if (row->active_runs != active) draft.edit<Session>(key)->active_runs = active;
}

void update_agent(Draft& draft, const std::string& id, TimeMs now) {
  static const AgentRuns kNone;
  const Agent* before = draft.peek<Agent>(id);
  if (before == nullptr) return;
  const AgentRuns* held = draft.peek<AgentRuns>(id);
  const AgentRuns& runs = held != nullptr ? *held : kNone;
  const AgentStatus status = status_of(runs);
  Text reason = reason_for(status, runs);
  const auto active = static_cast<std::int64_t>(runs.runs.size());
  const TimeMs sign = std::max(last_sign(runs), before->last_progress_at.value_or(0));
  // Most events do not change the agent, so no copy of its row is made before we know.
  if (status == before->reported_status && reason == before->status_reason &&
      active == before->active_runs && sign == before->last_progress_at.value_or(0)) {
    return;
  }
  Agent* row = draft.edit<Agent>(id);
  if (status != row->reported_status) row->status_since = now;
  row->reported_status = status;
  row->status_reason = std::move(reason);
  row->active_runs = active;
  if (sign > row->last_progress_at.value_or(0)) row->last_progress_at = sign;
}

}  // namespace

void update_session_rows(Draft& draft, const ChangedRuns& changed) {
  for (const auto& key : changed.sessions()) update_session(draft, key);
}

void update_agent_rows(Draft& draft, const ChangedRuns& changed, TimeMs now) {
  for (const auto& id : changed.agents()) update_agent(draft, id, now);
}

}  // namespace cc::fleet
