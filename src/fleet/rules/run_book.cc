#include "fleet/rules/run_book.h"

#include <algorithm>

#include "fleet/rules/failures.h"

namespace cc::fleet {
namespace {

/// Protocol 3 makes an error final 15 s after it reported it; what is later than this was never
/// taken back.
constexpr TimeMs kFailureGrace = 20'000;

void note_progress(Run& run, TimeMs now) {
  run.last_progress_at = std::max(run.last_progress_at, now);
  run.stalled = false;
}

/// A run that a person stopped ends a second time on protocol 3, now and then as a `timeout`.
bool is_echo_of_kill(const LastEnd& held, const LastEnd& end) {
  return held.status == "killed" && end.status == "timeout" &&
         held.session_key == end.session_key && end.started_at && *end.started_at <= held.at;
}

}  // namespace

bool is_failure(std::string_view session_status) {
  return session_status == "failed" || session_status == "timeout";
}

bool is_end(std::string_view session_status) {
  return is_failure(session_status) || session_status == "done" || session_status == "killed";
}

Run* RunBook::find(AgentRuns& runs, std::string_view session, std::string_view run) {
  Run* unnamed = nullptr;
  for (Run& held : runs.runs) {
    if (held.session_key != session) continue;
    if (held.run_id == run) return &held;
    if (held.run_id.empty()) unnamed = &held;
  }
  return unnamed;
}

void RunBook::start(const std::string& agent, const std::string& session, const std::string& run,
                    TimeMs started_at) {
  AgentRuns& runs = changed_.edit(agent);
  changed_.mark_session_changed(session);
  if (Run* held = find(runs, session, run)) {
    held->run_id = run;
    held->failing_since.reset();
    note_progress(*held, now_);
    return;
  }
  runs.runs.push_back({.session_key = session,
                       .run_id = run,
                       .started_at = started_at,
                       .last_progress_at = now_,
                       .failing_since = {},
                       .failed_at = 0,
                       .stalled = false});
}

void RunBook::end(const std::string& agent, const std::string& session, const std::string& run) {
  AgentRuns& runs = changed_.edit(agent);
  changed_.mark_session_changed(session);
  std::erase_if(runs.runs, [&](const Run& held) {
    return held.session_key == session && (held.run_id == run || held.run_id.empty());
  });
}

void RunBook::end_all(const std::string& agent, const std::string& session) {
  AgentRuns& runs = changed_.edit(agent);
  changed_.mark_session_changed(session);
  std::erase_if(runs.runs, [&](const Run& held) { return held.session_key == session; });
}

void RunBook::reconcile(std::string_view agent_id, const SessionView& row, const Busy& busy) {
  const bool known = has_runs(agent_id, row.key);
  // Which is what nearly every row of a list says.
  if (!busy.is_busy && !known && row.active_runs == 0) return;
  const std::string agent(agent_id);
  const std::string key(row.key);
  if (!busy.is_busy) return end_all(agent, key);
  changed_.mark_session_changed(key);
  if (busy.runs && !busy.runs->empty()) {
    busy_with(agent, row, *busy.runs);
  } else if (!known) {
    start(agent, key, busy.hint, row.started_at.value_or(now_));
  }
  if (!known) resume_stall(agent, row);
}

void RunBook::busy_with(const std::string& agent, const SessionView& row,
                        const std::vector<std::string>& ids) {
  AgentRuns& runs = changed_.edit(agent);
  std::erase_if(runs.runs, [&](const Run& held) {
    return held.session_key == row.key && !held.run_id.empty() &&
           std::ranges::find(ids, held.run_id) == ids.end();
  });
  for (const auto& id : ids) {
    if (Run* held = find(runs, row.key, id)) {
      held->run_id = id;
    } else {
      start(agent, std::string(row.key), id, row.started_at.value_or(now_));
    }
  }
}

bool RunBook::has_runs(std::string_view agent, std::string_view session) const {
  const AgentRuns* held = changed_.peek(agent);
  return held != nullptr &&
         std::ranges::find(held->runs, session, &Run::session_key) != held->runs.end();
}

void RunBook::failing(const std::string& agent, const std::string& session, const std::string& run,
                      TimeMs failed_at) {
  if (Run* held = find(changed_.edit(agent), session, run)) {
    held->failing_since = now_;
    held->failed_at = failed_at;
    note_progress(*held, now_);
  }
}

std::optional<TimeMs> RunBook::failed_at(const std::string& agent, std::string_view session,
                                         std::string_view run) const {
  const AgentRuns* held = changed_.peek(agent);
  if (held == nullptr) return std::nullopt;
  const auto found = std::ranges::find_if(held->runs, [&](const Run& active) {
    return active.session_key == session && active.run_id == run && active.failing_since;
  });
  return found == held->runs.end() ? std::nullopt : std::optional(found->failed_at);
}

void RunBook::progress(const std::string& agent, const std::string& session,
                       const std::string& run) {
  const AgentRuns* held = changed_.peek(agent);
  if (held == nullptr || held->runs.empty()) return;
  for (Run& active : changed_.edit(agent).runs) {
    const bool meant = (run.empty() || active.run_id.empty()) ? active.session_key == session
                                                              : active.run_id == run;
    if (meant) note_progress(active, now_);
  }
}

bool RunBook::may_be_last(std::string_view agent, std::string_view session, TimeMs ended_at) const {
  const AgentRuns* held = changed_.peek(agent);
  if (held == nullptr || !held->last_end || ended_at > held->last_end->at) return true;
  return ended_at == held->last_end->at && held->last_end->session_key == session;
}

void RunBook::ended(const std::string& agent, LastEnd end) {
  AgentRuns& runs = changed_.edit(agent);
  if (runs.last_end && is_echo_of_kill(*runs.last_end, end)) return;
  // On a tie the first word counts: protocol 3 calls an aborted run `timeout` for a moment.
  if (!runs.last_end || end.at > runs.last_end->at) {
    runs.last_end = std::move(end);
  } else if (runs.last_end->at == end.at && runs.last_end->session_key == end.session_key &&
             runs.last_end->error.empty()) {
    runs.last_end->error = std::move(end.error);
  }
}

bool RunBook::was_stopped(const SessionView& row, TimeMs ended_at) const {
  const AgentRuns* held = row.agent_id ? changed_.peek(*row.agent_id) : nullptr;
  if (held == nullptr || !held->last_end) return false;
  const LastEnd& last = *held->last_end;
  if (last.status != "killed" || last.session_key != row.key) return false;
  return row.started_at ? *row.started_at <= last.at : ended_at == last.at;
}

void RunBook::forget(const std::string& agent, const std::string& session) {
  end_all(agent, session);
  AgentRuns& runs = changed_.edit(agent);
  if (runs.last_end && runs.last_end->session_key == session) recall_last_end(runs);
}

void RunBook::recall_last_end(AgentRuns& runs) {
  runs.last_end.reset();
  draft_.each<Session>([&](const SessionView& row) {
    if (row.agent_id != runs.agent_id || !row.status || !is_end(*row.status)) return;
    const TimeMs at = row.ended_at.value_or(row.updated_at.value_or(0));
    if (!runs.last_end || at > runs.last_end->at) {
      runs.last_end = LastEnd{.at = at,
                              .started_at = row.started_at,
                              .status = std::string(*row.status),
                              .session_key = std::string(row.key),
                              .error = {}};
    }
  });
}

// A restart of ours forgets runs. Where the agent was stalled when we stopped, its run in a session
// that is still busy has not shown anything since, or it would not be stalled now: ten more minutes
// of `working` would be a lie.
void RunBook::resume_stall(const std::string& agent, const SessionView& row) {
  const Agent* held = draft_.peek<Agent>(agent);
  if (held == nullptr || held->reported_status != AgentStatus::kStalled || row.active_runs == 0)
    return;
  for (Run& run : changed_.edit(agent).runs) {
    if (run.session_key != row.key) continue;
    run.last_progress_at =
        held->silent_since.value_or(held->last_progress_at.value_or(run.started_at));
    run.stalled = true;
  }
}

void RunBook::expire(const std::string& agent, const MergeRules& rules) {
  const AgentRuns* held = changed_.peek(agent);
  if (held == nullptr || held->runs.empty()) return;
  AgentRuns next = *held;
  for (const Run& run : held->runs) {
    if (!run.failing_since || now_ - *run.failing_since < kFailureGrace) continue;
    std::erase(next.runs, run);
    changed_.mark_session_changed(run.session_key);
    note_failure(
        draft_, run.session_key,
        {.at = run.failed_at, .started_at = run.started_at, .status = "failed", .words = {}});
    next.last_end = LastEnd{.at = run.failed_at,
                            .started_at = run.started_at,
                            .status = "failed",
                            .session_key = run.session_key,
                            .error = {}};
  }
  for (Run& run : next.runs) {
    run.stalled = now_ - run.last_progress_at >= rules.stall_after.count();
  }
  if (next != *held) changed_.edit(agent) = std::move(next);
}

std::optional<std::string> RunBook::agent_of(std::string_view run) const {
  std::optional<std::string> agent;
  draft_.each<AgentRuns>([&](const AgentRuns& runs) {
    const bool has =
        std::ranges::any_of(runs.runs, [&](const Run& held) { return held.run_id == run; });
    if (has) agent = runs.agent_id;
  });
  return agent;
}

}  // namespace cc::fleet
