#include "fleet/rules/run_rows.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "fleet/rules/run_book.h"
#include "fleet/rules/status_reason.h"

namespace cc::fleet {
namespace {

TimeMs last_sign(const AgentRuns& runs) {
  TimeMs latest = 0;
  for (const Run& run : runs.runs) latest = std::max(latest, run.last_progress_at.value_or(0));
  return latest;
}

AgentStatus status_of(const AgentRuns& runs) {
  if (!runs.approvals.empty()) return AgentStatus::kWaiting;
  if (std::ranges::any_of(runs.runs, &Run::stalled)) return AgentStatus::kStalled;
  if (!runs.runs.empty()) return AgentStatus::kWorking;
  if (runs.last_end && is_failure(runs.last_end->status)) return AgentStatus::kError;
  return AgentStatus::kIdle;
}

bool is_busy(const AgentRuns& runs, std::string_view session) {
  return std::ranges::find(runs.runs, session, &Run::session_key) != runs.runs.end();
}

/// Runs that ended while they wait for an approval, one for each of these sessions.
std::vector<std::string_view> sessions_that_only_wait(const AgentRuns& runs) {
  std::vector<std::string_view> keys;
  for (const PendingApproval& approval : runs.approvals) {
    const std::string_view key = approval.session_key;
    const bool is_counted = is_busy(runs, key) || std::ranges::find(keys, key) != keys.end();
    if (!is_counted) keys.push_back(key);
  }
  return keys;
}

std::int64_t active_runs_in(const AgentRuns& runs, std::string_view session) {
  return std::ranges::count(runs.runs, session, &Run::session_key) +
         std::ranges::count(sessions_that_only_wait(runs), session);
}

std::optional<std::string_view> held_up_in(const AgentRuns& runs, std::string_view session) {
  if (std::ranges::find(runs.approvals, session, &PendingApproval::session_key) !=
      runs.approvals.end()) {
    return text(AgentStatus::kWaiting);
  }
  const auto is_stalled = [&](const Run& run) { return run.stalled && run.session_key == session; };
  if (std::ranges::any_of(runs.runs, is_stalled)) return text(AgentStatus::kStalled);
  return std::nullopt;
}

void update_session(Draft& draft, ChangedRuns& changed, const std::string& key) {
  const auto row = draft.peek<Session>(key);
  if (!row) return;
  std::int64_t active = 0;
  std::optional<std::string_view> held_up;
  if (const AgentRuns* runs = row->agent_id ? draft.peek<AgentRuns>(*row->agent_id) : nullptr) {
    active = active_runs_in(*runs, key);
    held_up = held_up_in(*runs, key);
    if (active > row->active_runs && holds_ended_run(*runs, *row)) changed.doubt(key);
  }
  if (row->active_runs == active && row->held_up == held_up) return;
  SessionView& edited = *draft.edit<Session>(key);
  edited.active_runs = active;
  edited.held_up = held_up;
}

void update_agent(Draft& draft, const std::string& id, TimeMs now) {
  static const AgentRuns kNone;
  const Agent* before = draft.peek<Agent>(id);
  if (before == nullptr) return;
  const AgentRuns* held = draft.peek<AgentRuns>(id);
  const AgentRuns& runs = held != nullptr ? *held : kNone;
  const AgentStatus status = status_of(runs);
  const TimeMs since = status == before->reported_status ? before->status_since : now;
  StatusReason reason = reason_for(draft, status, since, runs);
  const auto active =
      static_cast<std::int64_t>(runs.runs.size() + sessions_that_only_wait(runs).size());
  const TimeMs sign = std::max(last_sign(runs), before->last_progress_at.value_or(0));
  // Most events do not change the agent, so no copy of its row is made before we know.
  if (status == before->reported_status && reason.text == before->status_reason &&
      reason.session_key == before->status_session_key &&
      reason.silent_since == before->silent_since && active == before->active_runs &&
      sign == before->last_progress_at.value_or(0)) {
    return;
  }
  Agent* row = draft.edit<Agent>(id);
  row->status_since = since;
  row->reported_status = status;
  row->status_reason = std::move(reason.text);
  row->status_session_key = std::move(reason.session_key);
  row->silent_since = reason.silent_since;
  row->active_runs = active;
  if (sign > row->last_progress_at.value_or(0)) row->last_progress_at = sign;
}

}  // namespace

void update_session_rows(Draft& draft, ChangedRuns& changed) {
  for (const auto& key : changed.sessions()) update_session(draft, changed, key);
}

void update_agent_rows(Draft& draft, const ChangedRuns& changed, TimeMs now) {
  for (const auto& id : changed.agents()) update_agent(draft, id, now);
}

}  // namespace cc::fleet
