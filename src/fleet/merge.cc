#include "fleet/merge.h"

#include <boost/unordered/unordered_flat_set.hpp>

#include "fleet/draft.h"
#include "fleet/row_rules.h"
#include "fleet/run_book.h"

namespace cc::fleet {
namespace {

/// How long an approval waits where the gateway does not say (protocol 3 sends nothing when it
/// expires).
constexpr TimeMs kApprovalLife = 30 * 60 * 1000;

/// A sign of life moves `lastEventAt` by whole seconds: to the millisecond it would cost a row for
/// each frame.
constexpr TimeMs kLifeStep = 1000;

constexpr std::string_view kFollowUp = "exec-approval-followup:";

using Prints = boost::unordered_flat_set<IdentityPrint>;

enum class Order {
  kTrusted,     // a list read on a new connection: it is the truth, whatever its times say
  kInterleaved  // a list or an event among others: what is older than what is held is stale
};

/// One observation's work on one draft.
class Merger {
 public:
  Merger(const Overlay& view, const Observation& seen)
      : seen_(seen), draft_(view, seen.gateway), runs_(draft_, seen.at) {
    if (const Gateway* row = draft_.peek<Gateway>(seen.gateway)) protocol_ = row->protocol;
  }

  ChangeSet merge() {
    if (draft_.peek<Gateway>(seen_.gateway) == nullptr &&
        !std::holds_alternative<GatewayConfigured>(seen_.what)) {
      return {};  // left the configuration while this was on its way
    }
    const Cause cause = std::visit([this](const auto& what) { return take(what); }, seen_.what);
    std::holds_alternative<FleetPart>(seen_.what) ? runs_.settle_sessions() : runs_.settle();
    return draft_.finish(seen_.source, cause);
  }

 private:
  Cause take(const SignOfLife& /*what*/) {
    note_life();
    return Cause::kConnection;
  }

  Cause take(const ConnectionReport& report) {
    connection(report);
    return Cause::kConnection;
  }

  Cause take(const GapReport& /*gap*/) {
    ++draft_.edit<Gateway>(seen_.gateway)->gaps;
    return Cause::kGap;
  }

  Cause take(const FleetPart& part) {
    note_life();
    if (part.agents) agents_listed(*part.agents);
    sessions_listed(part.sessions, Order::kTrusted);
    count_sessions();
    return cause_of_sync(part.initial);
  }

  Cause take(const FleetSync& sync) {
    if (sync.connection) connection(*sync.connection);
    note_life();
    if (sync.gateway_started_at) forget_approvals_before(*sync.gateway_started_at);
    if (sync.agents) agents_listed(*sync.agents);
    sessions_listed(sync.sessions, sync.connection ? Order::kTrusted : Order::kInterleaved);
    if (sync.presence) presence_listed(*sync.presence);
    draft_.each<Agent>([this](const Agent& row) { runs_.touch(row.id); });
    if (sync.initial) agents_are_new_ = true;  // counted once by hand after each start
    count_sessions();
    return cause_of_sync(sync.initial);
  }

  static Cause cause_of_sync(bool initial) {
    return initial ? Cause::kInitialSync : Cause::kResync;
  }

  Cause take(const AgentsListed& list) {
    note_life();
    agents_listed(list.agents);
    count_sessions();
    return Cause::kAgentConfig;
  }

  Cause take(const SessionsListed& list) {
    note_life();
    sessions_listed(list.sessions, Order::kInterleaved);
    return Cause::kSessionsChanged;
  }

  Cause take(const SessionChanged& change) {
    note_life();
    session_changed(change);
    return Cause::kSessionsChanged;
  }

  Cause take(const SessionDeleted& gone) {
    note_life();
    const auto held = draft_.peek<Session>(gone.key);
    const bool is_meant =
        held && (!gone.session_id || !held->session_id || *gone.session_id == *held->session_id);
    if (is_meant) remove_session(*held);
    return Cause::kSessionsChanged;
  }

  Cause take(const PresenceChanged& change) {
    note_life();
    presence_listed(change.presence);
    return Cause::kPresence;
  }

  Cause take(const AgentConfigured& configured) {
    note_life();
    apply(agent_of_source(configured.agent.id), configured.agent, false);
    count_sessions();
    runs_.touch(configured.agent.id);
    return Cause::kAgentConfig;
  }

  Cause take(const RunEvent& event) {
    note_life();
    run_event(event);
    const bool is_approval =
        event.kind == RunEvent::Kind::kWaiting || event.kind == RunEvent::Kind::kApproved;
    return is_approval ? Cause::kApproval : Cause::kAgentRun;
  }

  Cause take(const Polled& poll) {
    if (poll.connection) connection(*poll.connection);
    note_life();
    polled(poll);
    return Cause::kPoll;
  }

  Cause take(const TimePassed& /*what*/) { return Cause::kStall; }

  Cause take(const GatewayConfigured& /*what*/) {
    const bool is_new = draft_.peek<Gateway>(seen_.gateway) == nullptr;
    Gateway& row = draft_.obtain<Gateway>(seen_.gateway);
    row.state = GatewayState::kConnecting;
    row.source.reset();
    row.detail.reset();
    row.action.reset();
    row.connected_at.reset();
    return is_new ? Cause::kConfiguration : Cause::kConnection;
  }

  Cause take(const GatewayForgotten& /*what*/) {
    remove_all<Agent>();
    remove_all<Session>();
    remove_all<Presence>();
    remove_all<AgentRuns>();
    draft_.remove<Gateway>(seen_.gateway);
    return Cause::kConfiguration;
  }

  // ---- gateway
  // ------------------------------------------------------------------------------------------

  void connection(const ConnectionReport& report) {
    apply(*draft_.edit<Gateway>(seen_.gateway), report);
    if (report.protocol) protocol_ = report.protocol;
  }

  void note_life() {
    const Gateway* row = draft_.peek<Gateway>(seen_.gateway);
    if (seen_.at >= row->last_event_at.value_or(0) + kLifeStep) {
      draft_.edit<Gateway>(seen_.gateway)->last_event_at = seen_.at;
    }
  }

  [[nodiscard]] bool is_v3() const { return protocol_ == 3; }

  // ---- agents
  // -------------------------------------------------------------------------------------------

  Agent& agent_of_source(const std::string& id) {
    const bool is_new = draft_.peek<Agent>(id) == nullptr;
    Agent& row = draft_.obtain<Agent>(id);
    if (is_new) {
      row.status_since = seen_.at;
      agents_are_new_ = true;
    }
    if (is_new || seen_.source == Source::kWs) row.source = seen_.source;
    return row;
  }

  void agents_listed(const AgentList& list) {
    TextMap<bool> listed;
    for (const auto& patch : list.agents) {
      listed.try_emplace(patch.id, true);
      Agent& row = agent_of_source(patch.id);
      apply(row, patch, true);
      if (list.default_id) row.is_default = patch.id == *list.default_id;
      runs_.touch(patch.id);
    }
    remove_unlisted<Agent>(listed, [](const Agent&) { return true; });
  }

  /// Each change of a session moves the count of its agent; only one that was not there until now
  /// has missed some.
  void count_sessions() {
    if (!agents_are_new_) return;
    TextMap<std::int64_t> counts;
    draft_.each<Session>([&](const SessionView& row) {
      if (!row.agent_id) return;
      const auto found = counts.find(*row.agent_id);
      found != counts.end() ? ++found->second : ++counts[std::string(*row.agent_id)];
    });
    std::vector<std::pair<std::string, std::int64_t>> wrong;
    draft_.each<Agent>([&](const Agent& row) {
      const auto found = counts.find(row.id);
      const std::int64_t count = found == counts.end() ? 0 : found->second;
      if (row.sessions != count) wrong.emplace_back(row.id, count);
    });
    for (const auto& [id, count] : wrong) draft_.edit<Agent>(id)->sessions = count;
  }

  void add_session_to(std::optional<std::string_view> agent_id, std::int64_t by) {
    if (Agent* row = agent_id ? draft_.edit<Agent>(*agent_id) : nullptr) row->sessions += by;
  }

  void note_activity(const SessionView& row) {
    const Agent* agent = row.agent_id ? draft_.peek<Agent>(*row.agent_id) : nullptr;
    if (agent != nullptr && row.updated_at.value_or(0) > agent->last_active_at.value_or(0)) {
      draft_.edit<Agent>(*row.agent_id)->last_active_at = row.updated_at;
    }
  }

  // ---- sessions
  // -----------------------------------------------------------------------------------------

  /// The row as it is then, where `held` is what there was; empty where the patch is stale.
  Seen<Session> apply_session(const Seen<Session>& held, const SessionPatch& patch, Order order,
                              bool keep_run_state) {
    if (held && order == Order::kInterleaved && is_stale(*held, patch)) return {};
    if (held && says_nothing_new(*held, patch, keep_run_state)) {
      note_activity(*held);
      note_end(*held, patch);
      return held;
    }
    const bool is_new = !held;
    SessionView& row = draft_.obtain<Session>(patch.key, held);
    const auto agent_before = row.agent_id;
    apply(row, patch, keep_run_state);
    if (is_new || agent_before != row.agent_id) {
      if (!is_new) add_session_to(agent_before, -1);
      add_session_to(row.agent_id, 1);
    }
    note_activity(row);
    note_end(row, patch);
    return row;
  }

  void note_end(const SessionView& row, const SessionPatch& patch) {
    if (!row.agent_id || !row.status || !is_end(*row.status)) return;
    const TimeMs at = row.ended_at.value_or(row.updated_at.value_or(0));
    if (!runs_.may_be_last(*row.agent_id, row.key, at)) return;
    runs_.ended(std::string(*row.agent_id),
                {.at = at,
                 .started_at = row.started_at,
                 .status = std::string(*row.status),
                 .session_key = std::string(row.key),
                 .error = std::string(patch.last_run_error.value_or(std::nullopt).value_or(""))});
  }

  void session_changed(const SessionChanged& change) {
    const SessionPatch& patch = change.row;
    const bool keep_run_state = is_v3() && change.phase == "message";
    const auto before = draft_.peek<Session>(patch.key);
    auto row = apply_session(before, patch, Order::kInterleaved, keep_run_state);
    const bool is_fresh = row && !keep_run_state;
    if (!row) row = before;
    if (!row->agent_id) return;
    const std::string agent(*row->agent_id);
    const bool new_generation =
        before && before->session_id && before->session_id != row->session_id;
    if (is_fresh) busy_from_row(agent, *row, change, new_generation);
    busy_from_phase(agent, *row, change);
    runs_.touch(agent);
  }

  /// What the row itself says of being busy. Protocol 4 says so in so many words; protocol 3 by
  /// `status` alone, which counts where no phase says it better.
  void busy_from_row(const std::string& agent, const SessionView& row, const SessionChanged& change,
                     bool new_generation) {
    const SessionPatch& patch = change.row;
    const bool by_status =
        change.phase.empty() && (patch.complete || patch.status || new_generation);
    if (!patch.has_active_run && !by_status) return;
    reconcile(agent, row, busy_state(row, patch, std::string(change.run_id)));
  }

  void reconcile(std::string_view agent, const SessionView& row, const RunBook::Busy& busy) {
    runs_.reconcile(agent, row, busy);
    // On protocol 3 the run that asked ends, and its approval goes on waiting.
    if (!busy.is_busy && !is_v3()) runs_.drop_approvals_in(agent, row.key);
  }

  static RunBook::Busy busy_state(const SessionView& row, const SessionPatch& patch,
                                  std::string hint) {
    return {.is_busy = patch.has_active_run.value_or(runs_by_status(row)),
            .runs = patch.active_run_ids.value_or(std::nullopt),
            .hint = std::move(hint)};
  }

  /// Protocol 3 leaves `running` behind after a run that asked for approval; its end is there all
  /// the same.
  static bool runs_by_status(const SessionView& row) {
    const bool has_ended = row.ended_at && row.started_at && *row.ended_at >= *row.started_at;
    return row.status == "running" && !has_ended;
  }

  void busy_from_phase(const std::string& agent, const SessionView& row,
                       const SessionChanged& change) {
    const std::string session(row.key);
    const std::string run(change.run_id);
    if (change.phase == "start") {
      runs_.start(agent, session, run, row.started_at.value_or(seen_.at));
    } else if (change.phase == "end" || change.phase == "error") {
      runs_.end(agent, session, run);
    } else if (!run.empty()) {
      runs_.progress(agent, session, run);
    }
  }

  void sessions_listed(const SessionList& list, Order order) {
    for (const auto& patch : list.sessions) {
      const auto row = apply_session(draft_.peek<Session>(patch.key), patch, order, false);
      if (!row || !row->agent_id) continue;
      reconcile(*row->agent_id, *row, busy_state(*row, patch, {}));
    }
    end_runs_in(list.unchanged);
    if (list.complete) remove_unlisted_sessions(list);
  }

  /// Whatever we took to run or to wait in a session that is idle has ended unseen.
  void end_runs_in(const std::vector<IdentityPrint>& idle) {
    if (idle.empty()) return;
    std::vector<std::string> busy;
    draft_.each<AgentRuns>([&](const AgentRuns& held) {
      for (const Run& run : held.runs) busy.push_back(run.session_key);
      for (const Approval& approval : held.approvals) busy.push_back(approval.session_key);
    });
    if (busy.empty()) return;
    const Prints prints(idle.begin(), idle.end());
    for (const std::string& key : busy) {
      const auto row = prints.contains(print_of(key)) ? draft_.peek<Session>(key) : Seen<Session>();
      if (row && row->agent_id) reconcile(*row->agent_id, *row, {});
    }
  }

  void remove_session(const SessionView& row) {
    const std::string key(row.key);
    const Text agent(row.agent_id);
    draft_.remove<Session>(key);
    add_session_to(agent, -1);
    if (agent) runs_.forget(*agent, key);
  }

  void remove_unlisted_sessions(const SessionList& list) {
    // As a rule nothing has left. Of a long list, that needs no more than to count.
    const std::size_t count = list.sessions.size() + list.others.size();
    if (!list.others.empty() && draft_.session_count() == count) return;
    Prints listed(list.others.begin(), list.others.end());
    for (const auto& patch : list.sessions) listed.insert(print_of(patch.key));
    std::vector<std::string> gone;
    draft_.each<Session>([&](const SessionView& row) {
      if (!listed.contains(print_of(row.key))) gone.emplace_back(row.key);
    });
    for (const std::string& key : gone) remove_session(*draft_.peek<Session>(key));
  }

  // ---- runs
  // ---------------------------------------------------------------------------------------------

  void run_event(const RunEvent& event) {
    const auto agent = agent_of(event);
    if (!agent) return;
    const TimeMs started = event.started_at.value_or(seen_.at);
    switch (event.kind) {
      case RunEvent::Kind::kStart:
        runs_.start(*agent, event.session_key, event.run_id, started);
        answer_approval(*agent, event.run_id);
        break;
      case RunEvent::Kind::kEnd: end_run(*agent, event, "done"); break;
      case RunEvent::Kind::kError:
        event.final ? end_run(*agent, event, "failed")
                    : runs_.failing(*agent, event.session_key, event.run_id,
                                    event.ended_at.value_or(started));
        break;
      case RunEvent::Kind::kProgress:
        runs_.progress(*agent, event.session_key, event.run_id);
        break;
      case RunEvent::Kind::kWaiting:
        runs_.wait_for(*agent, {.id = event.approval_id,
                                .session_key = event.session_key,
                                .run_id = event.run_id,
                                .expires_at = seen_.at + kApprovalLife});
        break;
      case RunEvent::Kind::kApproved: runs_.approved(*agent, event.approval_id); break;
    }
  }

  /// Protocol 3 ends the asking run and tells of the decision only by the run that follows it.
  void answer_approval(const std::string& agent, const std::string& run_id) {
    if (run_id.starts_with(kFollowUp)) runs_.approved(agent, run_id.substr(kFollowUp.size()));
  }

  /// A gateway keeps approvals in its memory alone: they are gone when it starts anew.
  void forget_approvals_before(TimeMs gateway_started_at) {
    std::vector<std::string> waiting;
    draft_.each<AgentRuns>([&](const AgentRuns& runs) {
      if (!runs.approvals.empty()) waiting.push_back(runs.agent_id);
    });
    for (const auto& agent : waiting) {
      runs_.drop_approvals_until(agent, gateway_started_at + kApprovalLife);
    }
  }

  void end_run(const std::string& agent, const RunEvent& event, std::string_view how) {
    auto ended_at = event.ended_at;
    // Protocol 3 says when it failed by the first word, and that it is final by the last.
    if (!ended_at && event.kind == RunEvent::Kind::kError) {
      ended_at = runs_.failed_at(agent, event.session_key, event.run_id);
    }
    runs_.end(agent, event.session_key, event.run_id);
    if (!is_v3()) runs_.drop_approvals_of(agent, event.run_id);
    if (!ended_at) return;  // the row that follows says when, by the gateway's clock
    runs_.ended(agent, {.at = *ended_at,
                        .started_at = event.started_at,
                        .status = event.aborted ? "killed" : std::string(how),
                        .session_key = event.session_key,
                        .error = event.aborted ? "" : event.error});
  }

  [[nodiscard]] std::optional<std::string> agent_of(const RunEvent& event) const {
    if (event.agent_id) return event.agent_id;
    if (const auto row = draft_.peek<Session>(event.session_key); row && row->agent_id) {
      return std::string(*row->agent_id);
    }
    return runs_.agent_of(event.run_id);
  }

  // ---- REST
  // ---------------------------------------------------------------------------------------------

  void polled(const Polled& poll) {
    TextMap<bool> listed;
    for (const auto& patch : poll.agents) {
      listed.try_emplace(patch.id, true);
      const bool is_new = draft_.peek<Agent>(patch.id) == nullptr;
      Agent& row = agent_of_source(patch.id);
      apply(row, patch, false);
      if (patch.status) report_status(row, *patch.status);
      if (is_new && !patch.status) runs_.touch(patch.id);
    }
    if (poll.complete) {
      remove_unlisted<Agent>(listed, [](const Agent& row) { return row.source == Source::kRest; });
    }
    for (const auto& patch : poll.sessions.sessions) note_poll_progress(patch);
    sessions_listed(poll.sessions, Order::kInterleaved);
    count_sessions();
  }

  /// Without events, a row that moved is the only sign of its run.
  void note_poll_progress(const SessionPatch& patch) {
    const auto held = draft_.peek<Session>(patch.key);
    if (!held || !held->agent_id || !patch.updated_at) return;
    if (*patch.updated_at > held->updated_at) {
      runs_.progress(std::string(*held->agent_id), std::string(patch.key), {});
    }
  }

  /// The endpoint's word takes the place of what we had made out from runs.
  void report_status(Agent& row, AgentStatus status) {
    if (row.reported_status != status) row.status_since = seen_.at;
    row.reported_status = status;
    row.status_reason.reset();
    row.active_runs = 0;
    draft_.remove<AgentRuns>(row.id);
  }

  // ---- presence, removal
  // ----------------------------------------------------------------------------------

  void presence_listed(const PresenceList& list) {
    TextMap<bool> listed;
    for (const auto& patch : list.entries) {
      listed.try_emplace(patch.id, true);
      apply(draft_.obtain<Presence>(patch.id), patch);
    }
    remove_unlisted<Presence>(listed, [](const Presence&) { return true; });
  }

  template <class Row, class May>
  void remove_unlisted(const TextMap<bool>& listed, May may_leave) {
    std::vector<std::string> gone;
    draft_.each<Row>([&](const Fields<Row>& row) {
      if (!listed.contains(row.identity()) && may_leave(row)) gone.emplace_back(row.identity());
    });
    for (const auto& id : gone) draft_.remove<Row>(id);
  }

  template <class Row>
  void remove_all() {
    remove_unlisted<Row>({}, [](const Fields<Row>&) { return true; });
  }

  const Observation& seen_;
  Draft draft_;
  RunBook runs_;
  std::optional<int> protocol_;
  bool agents_are_new_ = false;
};

ChangeSet merge_time_of(const Overlay& view, const std::string& gateway, TimeMs now,
                        const MergeRules& rules) {
  Draft draft(view, gateway);
  RunBook runs(draft, now);
  std::vector<std::string> agents;
  view.each<AgentRuns>(gateway, [&](const AgentRuns& held) { agents.push_back(held.agent_id); });
  for (const auto& agent : agents) runs.expire(agent, rules);
  runs.settle();
  return draft.finish(Source::kSystem, Cause::kStall);
}

}  // namespace

ChangeSet merge(const Overlay& view, const Observation& observation) {
  return Merger(view, observation).merge();
}

std::vector<ChangeSet> merge_time(const Overlay& view, TimeMs now, const MergeRules& rules) {
  std::vector<std::string> speaking;
  view.each_gateway([&](const Gateway& row) {
    if (speaks(row.state)) speaking.push_back(row.name);
  });
  std::vector<ChangeSet> changes;
  for (const auto& gateway : speaking) {
    ChangeSet change = merge_time_of(view, gateway, now, rules);
    if (!change.empty()) changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace cc::fleet
