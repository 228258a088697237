#include "fleet/rules/run_book.h"

#include <algorithm>

#include "fleet/rules/failures.h"

namespace cc::fleet {
namespace {

/// Protocol 3 makes an error final 15 s after it reported it; what is later than this was never
/// taken back.
constexpr Millis kFailureGrace = std::chrono::seconds(20);
/// A gateway that cannot be asked about a silent run keeps it from being stalled no longer.
constexpr Millis kAnswerGrace = std::chrono::seconds(15);
/// Lifecycle and row name the start of a run a little apart.
constexpr TimeMs kSameStart = 1000;
constexpr std::size_t kMostEnded = 64;

/// A run that a person stopped ends a second time on protocol 3, now and then as a `timeout`.
bool is_echo_of_kill(const LastEnd& held, const LastEnd& end) {
  return held.status == "killed" && end.status == "timeout" &&
         held.session_key == end.session_key && end.started_at && *end.started_at <= held.at;
}

}  // namespace

bool is_end(std::string_view session_status) {
  return is_failure(session_status) || session_status == "done" || session_status == "killed";
}

bool shows_end(const SessionView& row) {
  return row.status && is_end(*row.status) && !row.archived;
}

bool holds_ended_run(const AgentRuns& runs, const SessionView& row) {
  if (!shows_end(row) || !row.ended_at) return false;
  return std::ranges::any_of(runs.runs, [&](const Run& run) {
    return run.session_key == row.key && run.started_at <= *row.ended_at;
  });
}

LastEnd last_end_of(const SessionView& row) {
  return {.at = row.ended_at.value_or(row.updated_at.value_or(0)),
          .started_at = row.started_at,
          .status = std::string(*row.status),
          .session_key = std::string(row.key),
          .error = {}};
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

void RunBook::note_progress(Run& run) {
  if (run.stalled) changed_.mark_session_changed(run.session_key);
  run.last_progress_at = std::max(run.last_progress_at.value_or(0), now_);
  run.silent_since = listened_;
  run.doubted_at = listened_;
  run.stalled = false;
}

void RunBook::start(const std::string& agent, const std::string& session, const std::string& run,
                    TimeMs started_at) {
  AgentRuns& runs = changed_.edit(agent);
  changed_.mark_session_changed(session);
  std::erase_if(runs.ended, [&](const EndedSession& held) { return held.session_key == session; });
  Run* held = find(runs, session, run);
  if (held == nullptr) held = begin(agent, {.session_key = session, .started_at = started_at});
  if (held == nullptr) return;
  held->run_id = run;
  held->failing_since.reset();
  note_progress(*held);
}

Run* RunBook::begin(const std::string& agent, Run run) {
  if (draft_.usage().has_too_many_runs()) {
    draft_.leave_out();
    return nullptr;
  }
  run.silent_since = listened_;
  run.doubted_at = listened_;
  return &changed_.edit(agent).runs.emplace_back(std::move(run));
}

/// A row tells that there is a run, and not when it last showed something.
Run RunBook::run_of_row(const SessionView& row, const std::string& id) const {
  return {.session_key = std::string(row.key),
          .run_id = id,
          .started_at = row.started_at.value_or(now_)};
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
  const bool is_sure = busy.names_runs() || busy.is_firm || known;
  if (busy.is_busy && !is_sure && has_ended_since(agent_id, row)) return;
  // Which is what nearly every row of a list says.
  if (!busy.is_busy && !known && row.active_runs == 0) return;
  const std::string agent(agent_id);
  const std::string key(row.key);
  if (!busy.is_busy) return end_all(agent, key);
  changed_.mark_session_changed(key);
  if (busy.names_runs()) {
    busy_with(agent, row, *busy.runs);
  } else if (!known) {
    begin(agent, run_of_row(row, busy.hint));
  }
  if (!known) resume_stall(agent, row);
}

/// A gateway may go on listing a run whose end its lifecycle told: protocol 3 by its `status`,
/// 2026.5 as active for the 15 s in which one that failed may be tried again. The lifecycle
/// decides.
bool RunBook::has_ended_since(std::string_view agent, const SessionView& row) const {
  const AgentRuns* held = changed_.peek(agent);
  if (held == nullptr || !row.started_at) return false;
  return std::ranges::any_of(held->ended, [&](const EndedSession& ended) {
    return ended.session_key == row.key && *row.started_at <= ended.at;
  });
}

void RunBook::lifecycle_ended(const std::string& agent, const std::string& session,
                              const std::string& run, TimeMs at) {
  AgentRuns& runs = changed_.edit(agent);
  if (const Run* held = find(runs, session, run)) at = std::max(at, held->started_at + kSameStart);
  std::erase_if(runs.ended, [&](const EndedSession& held) { return held.session_key == session; });
  if (runs.ended.size() >= kMostEnded) runs.ended.erase(runs.ended.begin());
  runs.ended.push_back({.session_key = session, .at = at});
  end(agent, session, run);
}

bool RunBook::is_active(std::string_view agent, std::string_view session,
                        std::string_view run) const {
  const AgentRuns* held = changed_.peek(agent);
  return held != nullptr && std::ranges::any_of(held->runs, [&](const Run& active) {
           return active.session_key == session && (active.run_id == run || active.run_id.empty());
         });
}

void RunBook::confirm(const std::string& agent, std::string_view session) {
  if (!has_runs(agent, session)) return;
  for (Run& run : changed_.edit(agent).runs) {
    if (run.session_key == session) run.confirmed_at = listened_;
  }
}

void RunBook::listen_again() {
  const auto active =
      draft_.ids_where<AgentRuns>([](const AgentRuns& held) { return !held.runs.empty(); });
  for (const auto& agent : active) {
    for (Run& run : changed_.edit(agent).runs) {
      run.silent_since = listened_;
      run.doubted_at = listened_;
    }
  }
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
      begin(agent, run_of_row(row, id));
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
    held->failing_since = listened_;
    held->failed_at = failed_at;
    note_progress(*held);
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
    if (meant) note_progress(active);
  }
}

/// An end in the gateway's future was told before its clock stepped back.
bool RunBook::is_later(const LastEnd& end, const LastEnd& held) const {
  const bool stepped = held.at > now_ && end.at <= now_;
  const bool was_stepped = end.at > now_ && held.at <= now_;
  return stepped || (!was_stepped && end.at > held.at);
}

bool RunBook::may_be_last(std::string_view agent, const LastEnd& end, bool is_news) const {
  const AgentRuns* held = changed_.peek(agent);
  if (held == nullptr || !held->last_end) return true;
  if (held->last_end->session_key == end.session_key && held->last_end->at == end.at) return true;
  return (is_news || !held->last_end->heard_live) && is_later(end, *held->last_end);
}

void RunBook::ended(const std::string& agent, LastEnd end) {
  const AgentRuns* held = changed_.peek(agent);
  const bool is_last = held == nullptr || !held->last_end || is_later(end, *held->last_end);
  if (is_last) return ended_now(agent, std::move(end));
  std::string& error = changed_.edit(agent).last_end->error;
  if (held->last_end->session_key == end.session_key && held->last_end->at == end.at &&
      error.empty()) {
    error = std::move(end.error);
  }
}

void RunBook::ended_now(const std::string& agent, LastEnd end) {
  AgentRuns& runs = changed_.edit(agent);
  if (runs.last_end && is_echo_of_kill(*runs.last_end, end)) return;
  // On a tie the first word counts: protocol 3 calls an aborted run `timeout` for a moment.
  if (runs.last_end && runs.last_end->at == end.at &&
      runs.last_end->session_key == end.session_key) {
    if (runs.last_end->error.empty()) runs.last_end->error = std::move(end.error);
    return;
  }
  runs.last_end = std::move(end);
}

void RunBook::take_back_end(const std::string& agent, std::string_view session) {
  const AgentRuns* held = changed_.peek(agent);
  if (held == nullptr || !held->last_end || held->last_end->session_key != session) return;
  recall_last_end(changed_.edit(agent));
}

bool RunBook::was_stopped(const SessionView& row, TimeMs ended_at) const {
  const AgentRuns* held = row.agent_id ? changed_.peek(*row.agent_id) : nullptr;
  if (held == nullptr || !held->last_end) return false;
  const LastEnd& last = *held->last_end;
  if (last.status != "killed" || last.session_key != row.key) return false;
  return row.started_at ? *row.started_at <= last.at : ended_at == last.at;
}

void RunBook::end_in(const std::function<bool(std::string_view session)>& is_gone) {
  const auto meant = draft_.ids_where<AgentRuns>([&](const AgentRuns& held) {
    return std::ranges::any_of(held.runs, is_gone, &Run::session_key);
  });
  for (const auto& agent : meant) {
    std::erase_if(changed_.edit(agent).runs,
                  [&](const Run& run) { return is_gone(run.session_key); });
  }
}

void RunBook::forget(const std::string& agent, const std::string& session) {
  end_all(agent, session);
  std::erase_if(changed_.edit(agent).ended,
                [&](const EndedSession& held) { return held.session_key == session; });
  take_back_end(agent, session);
}

void RunBook::recall_last_end(AgentRuns& runs) {
  runs.last_end.reset();
  draft_.each<Session>([&](const SessionView& row) {
    if (row.agent_id != runs.agent_id || !shows_end(row)) return;
    LastEnd end = last_end_of(row);
    if (!runs.last_end || is_later(end, *runs.last_end)) runs.last_end = std::move(end);
  });
}

// A restart of ours forgets runs. Where a session was stalled when we stopped and is still busy,
// its run has not shown anything since, or it would not be stalled now: ten more minutes of
// `working` would be a lie.
void RunBook::resume_stall(const std::string& agent, const SessionView& row) {
  const Agent* held = draft_.peek<Agent>(agent);
  if (held == nullptr || row.held_up != text(AgentStatus::kStalled)) return;
  for (Run& run : changed_.edit(agent).runs) {
    if (run.session_key != row.key) continue;
    run.last_progress_at = held->silent_since ? held->silent_since : held->last_progress_at;
    run.stalled = true;
  }
}

void RunBook::expire(const std::string& agent, const MergeRules& rules) {
  const AgentRuns* held = changed_.peek(agent);
  if (held == nullptr || held->runs.empty()) return;
  AgentRuns next = *held;
  for (const Run& run : held->runs) {
    if (!run.failing_since || listened_ - *run.failing_since < kFailureGrace) continue;
    std::erase(next.runs, run);
    changed_.mark_session_changed(run.session_key);
    note_failure(
        draft_, run.session_key,
        {.at = run.failed_at, .started_at = run.started_at, .status = "failed", .words = {}});
    next.last_end = LastEnd{.at = run.failed_at,
                            .started_at = run.started_at,
                            .status = "failed",
                            .session_key = run.session_key,
                            .error = {},
                            .heard_live = true};
  }
  for (Run& run : next.runs) expire_one(run, rules);
  if (next != *held) changed_.edit(agent) = std::move(next);
}

void RunBook::expire_one(Run& run, const MergeRules& rules) {
  const Millis stalls_at = run.silent_since + rules.stall_after;
  const bool is_late = listened_ >= stalls_at;
  if (is_doubtful(run.silent_since, run.doubted_at, listened_) ||
      (is_late && run.doubted_at < stalls_at)) {
    changed_.doubt(run.session_key);
    run.doubted_at = listened_;
  }
  const bool confirmed = run.confirmed_at >= stalls_at || listened_ >= stalls_at + kAnswerGrace;
  if (run.stalled || !is_late || !confirmed) return;
  run.stalled = true;
  changed_.mark_session_changed(run.session_key);
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
