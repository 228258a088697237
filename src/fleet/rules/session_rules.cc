#include "fleet/rules/session_rules.h"

#include <algorithm>
#include <limits>

#include <boost/unordered/unordered_flat_set.hpp>

#include "fleet/row_rules.h"
#include "fleet/rules/failures.h"

namespace cc::fleet {
namespace {

using Prints = boost::unordered_flat_set<IdentityPrint>;

/// A gateway may leave `running` behind after a run that asked for approval; its end is there all
/// the same.
bool runs_by_status(const SessionView& row) {
  const bool has_ended = row.ended_at && row.started_at && *row.ended_at >= *row.started_at;
  return row.status == "running" && !has_ended;
}

bool run_has_moved(const SessionView& before, const SessionView& row) {
  return before.status != row.status || before.started_at != row.started_at ||
         before.ended_at != row.ended_at;
}

TimeMs end_of(const SessionView& row) {
  return row.ended_at.value_or(row.updated_at.value_or(0));
}

RunBook::Busy busy_state(const SessionView& row, const SessionPatch& patch, std::string hint) {
  return {.is_busy = patch.has_active_run.value_or(runs_by_status(row)),
          .runs = patch.active_run_ids.value_or(std::nullopt),
          .hint = std::move(hint)};
}

/// For a second around the start and the end of a run, a row may say that the session is busy and
/// that its run has ended.
bool contradicts_itself(const SessionView& row, const SessionPatch& patch) {
  const bool names_runs = patch.active_run_ids && *patch.active_run_ids;
  return patch.has_active_run.value_or(false) && !names_runs && row.status && is_end(*row.status);
}

/// Rows that come with these tell something beside the run, and may be older than what is held.
bool is_by_the_way(std::string_view phase) {
  return phase == "message" || phase == "model";
}

bool is_same_end(const SessionView& a, const SessionView& b) {
  return shows_end(a) && a.status == b.status && a.ended_at == b.ended_at &&
         a.started_at == b.started_at && a.session_id == b.session_id;
}

}  // namespace

SessionView SessionRules::apply_patch(const Seen<Session>& held, const SessionPatch& patch,
                                      Told told, bool keep_run_state) {
  if (held && says_nothing_new(*held, patch, keep_run_state)) {
    agents_.note_activity(*held, false);
    keep_failure(*held, patch, false);
    note_end(held, *held, patch, told);
    return *held;
  }
  const bool is_earlier = held && is_stale(*held, patch);
  SessionView& row = context_.draft.obtain<Session>(patch.key, held);
  write(row, patch, !held, keep_run_state);
  agents_.note_activity(row, is_earlier);
  keep_failure(row, patch, !held || run_has_moved(*held, row));
  note_end(held, row, patch, told);
  return row;
}

void SessionRules::write(SessionView& row, const SessionPatch& patch, bool is_new,
                         bool keep_run_state) {
  const auto agent_before = row.agent_id;
  apply(row, patch, keep_run_state);
  if (!is_new && agent_before == row.agent_id) return;
  if (!is_new) agents_.add_sessions(agent_before, -1);
  agents_.add_sessions(row.agent_id, 1);
}

void SessionRules::note_end(const Seen<Session>& held, const SessionView& row,
                            const SessionPatch& patch, Told told) {
  if (!row.agent_id) return;
  if (!shows_end(row)) {
    const bool is_gone = held && shows_end(*held) && (!row.status || row.archived);
    if (is_gone) context_.runs.take_back_end(std::string(*row.agent_id), row.key);
    return;
  }
  LastEnd end = last_end_of(row);
  end.heard_live = told == Told::kByEvent;
  const bool is_news = !held || !is_same_end(*held, row);
  if (!end.heard_live || !is_news) {
    if (!context_.runs.may_be_last(*row.agent_id, end, is_news)) return;
  }
  end.error = patch.last_run_error.value_or(std::nullopt).value_or("");
  const std::string agent(*row.agent_id);
  end.heard_live&& is_news ? context_.runs.ended_now(agent, std::move(end))
                           : context_.runs.ended(agent, std::move(end));
}

/// What was a failure when it ended stays one, and what a person stopped none, however often the
/// row is told: by then the agent's last end may be another.
void SessionRules::keep_failure(const SessionView& row, const SessionPatch& patch, bool has_moved) {
  if (!row.status || !is_end(*row.status)) return;
  if (has_moved && row.status == "killed") return note_stop(context_.draft, row);
  const TimeMs ended_at = end_of(row);
  if (!is_failure(*row.status) || context_.runs.was_stopped(row, ended_at)) return;
  const auto words = patch.last_run_error.value_or(std::nullopt).value_or("");
  if (!has_moved && words.empty()) return;
  note_failure(
      context_.draft, row.key,
      {.at = ended_at, .started_at = row.started_at, .status = *row.status, .words = words});
}

void SessionRules::changed(const SessionChanged& change) {
  const auto before = context_.draft.peek<Session>(change.row.key);
  const bool is_earlier = before && is_stale(*before, change.row);
  const bool may_be_late = change.may_precede_list || is_by_the_way(change.phase);
  const bool is_late = is_earlier && may_be_late;
  // On an ordered link the later word counts. One that is dated earlier is a reason to look.
  if (is_earlier && !may_be_late) context_.changed.doubt(change.row.key);
  const bool new_generation = before && before->session_id && change.row.session_id &&
                              before->session_id != *change.row.session_id;
  const SessionView row =
      is_late ? *before
              : apply_patch(before, change.row, Told::kByEvent, change.run_state_is_stale);
  if (!row.agent_id) return;
  const std::string agent(*row.agent_id);
  if (!is_late && (new_generation || change.reason == "reset")) {
    context_.approvals.forget(agent, row.key);
  }
  if (!is_late && !change.run_state_is_stale) busy_from_row(agent, row, change, new_generation);
  busy_from_phase(agent, row, change);
  const AgentRuns* runs = context_.changed.peek(agent);
  if (runs != nullptr && holds_ended_run(*runs, row)) context_.changed.doubt(row.key);
  context_.changed.mark_changed(agent);
}

/// What the row itself says of being busy: in so many words, or else by `status`, which counts
/// where no phase says it better.
void SessionRules::busy_from_row(const std::string& agent, const SessionView& row,
                                 const SessionChanged& change, bool new_generation) {
  const SessionPatch& patch = change.row;
  const bool by_status = change.phase.empty() && (patch.complete || patch.status || new_generation);
  if (!patch.has_active_run && !by_status) return;
  if (contradicts_itself(row, patch)) return context_.changed.doubt(row.key);
  reconcile(agent, row, busy_state(row, patch, std::string(change.run_id)));
}

void SessionRules::busy_from_phase(const std::string& agent, const SessionView& row,
                                   const SessionChanged& change) {
  const std::string session(row.key);
  const std::string run(change.run_id);
  if (change.phase == "start") {
    context_.approvals.moved_on(agent, session, run);
    context_.runs.start(agent, session, run, row.started_at.value_or(context_.seen.at));
  } else if (change.phase == "end" || change.phase == "error") {
    context_.runs.end(agent, session, run);
  } else if (!run.empty()) {
    context_.runs.progress(agent, session, run);
  }
}

void SessionRules::reconcile(std::string_view agent, const SessionView& row,
                             const RunBook::Busy& busy) {
  context_.runs.reconcile(agent, row, busy);
  context_.approvals.row_told(agent, row, busy.is_busy);
}

/// There is no room, and nothing goes on in it for longer than in any that is kept.
bool SessionRules::would_leave_first(const SessionPatch& patch) {
  const bool is_busy =
      patch.has_active_run.value_or(patch.status.value_or(std::nullopt) == "running");
  if (is_busy || !context_.draft.usage().exceeds(kNoRoom)) return false;
  return patch.updated_at.value_or(std::nullopt).value_or(0) <= oldest_idle();
}

TimeMs SessionRules::oldest_idle() {
  if (oldest_idle_) return *oldest_idle_;
  TimeMs oldest = std::numeric_limits<TimeMs>::max();
  context_.draft.each<Session>([&](const SessionView& row) {
    if (row.active_runs == 0) oldest = std::min(oldest, row.updated_at.value_or(0));
  });
  oldest_idle_ = oldest;
  return oldest;
}

void SessionRules::take_row(const SessionPatch& patch, bool is_firm) {
  const auto held = context_.draft.peek<Session>(patch.key);
  if (!held && would_leave_first(patch)) return context_.draft.leave_out();
  const auto row = apply_patch(held, patch, Told::kByList);
  if (!row.agent_id) return;
  if (!is_firm && contradicts_itself(row, patch)) return context_.changed.doubt(row.key);
  auto busy = busy_state(row, patch, {});
  busy.is_firm = is_firm;
  reconcile(*row.agent_id, row, busy);
  if (busy.is_busy) context_.runs.confirm(std::string(*row.agent_id), row.key);
}

void SessionRules::listed(const SessionList& list) {
  for (const auto& patch : list.sessions) take_row(patch, false);
  end_runs_in(list.unchanged);
  if (!list.complete) return;
  remove_unlisted(list);
  agents_.note_activity_anew();
}

void SessionRules::checked(const SessionChecked& check) {
  const auto held = context_.draft.peek<Session>(check.key);
  if (!check.row) {
    return held ? remove(*held) : context_.runs.end_in([&](auto key) { return key == check.key; });
  }
  const bool moved = held && check.row->updated_at && held->updated_at != *check.row->updated_at;
  take_row(*check.row, check.is_firm);
  const auto row = context_.draft.peek<Session>(check.key);
  if (!row || !row->agent_id) return;
  const std::string agent(*row->agent_id);
  if (moved) context_.runs.progress(agent, check.key, {});
  context_.changed.mark_changed(agent);
}

std::vector<std::string> SessionRules::sessions_with_runs() const {
  std::vector<std::string> keys;
  context_.draft.each<AgentRuns>([&](const AgentRuns& held) {
    for (const Run& run : held.runs) keys.push_back(run.session_key);
    for (const PendingApproval& approval : held.approvals) keys.push_back(approval.session_key);
  });
  return keys;
}

void SessionRules::end_runs_in(const std::vector<IdentityPrint>& idle) {
  if (idle.empty()) return;
  const auto busy = sessions_with_runs();
  if (busy.empty()) return;
  const Prints prints(idle.begin(), idle.end());
  for (const std::string& key : busy) {
    if (!prints.contains(print_of(key))) continue;
    const auto row = context_.draft.peek<Session>(key);
    if (row && row->agent_id) reconcile(*row->agent_id, *row, {});
  }
}

void SessionRules::deleted(const SessionDeleted& gone) {
  const auto held = context_.draft.peek<Session>(gone.key);
  const bool is_meant =
      held && (!gone.session_id || !held->session_id || *gone.session_id == *held->session_id);
  if (is_meant) remove(*held);
}

void SessionRules::remove(const SessionView& row) {
  const std::string key(row.key);
  const Text agent(row.agent_id);
  context_.draft.remove<Session>(key);
  agents_.add_sessions(agent, -1);
  if (!agent) return;
  context_.approvals.forget(*agent, key);
  context_.runs.forget(*agent, key);
}

/// To leave. Its texts are those of the row.
struct SessionRules::Candidate {
  bool is_busy = false;
  TimeMs updated_at = 0;
  std::string_view key;
  std::optional<std::string_view> agent;
  std::size_t bytes = 0;
};

std::vector<SessionRules::Candidate> SessionRules::least_missed_first() const {
  std::vector<Candidate> rows;
  rows.reserve(context_.draft.session_count());
  context_.draft.each<Session>([&](const SessionView& row) {
    rows.push_back({.is_busy = row.active_runs > 0,
                    .updated_at = row.updated_at.value_or(0),
                    .key = row.key,
                    .agent = row.agent_id,
                    .bytes = bytes_of(row)});
  });
  std::ranges::sort(rows, {},
                    [](const Candidate& row) { return std::pair(row.is_busy, row.updated_at); });
  return rows;
}

// What they said of their agents stays: only the rows leave.
void SessionRules::make_room() {
  Usage usage = context_.draft.usage();
  boost::unordered_flat_set<std::string_view> gone;
  for (const Candidate& row : least_missed_first()) {
    if (!usage.exceeds(kNoRoom)) break;
    --usage.rows;
    usage.bytes -= std::min(usage.bytes, row.bytes);
    agents_.add_sessions(row.agent, -1);
    context_.draft.remove<Session>(row.key);
    context_.draft.leave_out();
    if (row.is_busy) gone.insert(row.key);
  }
  if (!gone.empty()) context_.runs.end_in([&](auto key) { return gone.contains(key); });
}

void SessionRules::remove_unlisted(const SessionList& list) {
  // As a rule nothing has left. Of a long list, that needs no more than to count.
  const std::size_t count = list.sessions.size() + list.others.size();
  if (!list.others.empty() && context_.draft.session_count() == count) return;
  Prints listed(list.others.begin(), list.others.end());
  for (const auto& patch : list.sessions) listed.insert(print_of(patch.key));
  std::vector<std::string> gone;
  context_.draft.each<Session>([&](const SessionView& row) {
    if (!listed.contains(print_of(row.key))) gone.emplace_back(row.key);
  });
  for (const std::string& key : gone) remove(*context_.draft.peek<Session>(key));
}

}  // namespace cc::fleet
