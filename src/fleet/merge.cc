#include "fleet/merge.h"

#include "fleet/row_rules.h"
#include "fleet/rules/poll_rules.h"
#include "fleet/rules/run_event_rules.h"
#include "fleet/rules/run_rows.h"

namespace cc::fleet {
namespace {

/// A sign of life moves `lastEventAt` in whole seconds. In milliseconds, each frame would write a
/// row.
constexpr TimeMs kLifeStep = 1000;

Cause cause_of_sync(bool initial) {
  return initial ? Cause::kInitialSync : Cause::kResync;
}

ChangeSet finish(Draft& draft, const ChangedRuns& changed, Source source, Cause cause) {
  ChangeSet changes = draft.finish(source, cause);
  changes.doubted = changed.doubted();
  return changes;
}

/// One observation's work on one draft: hands it to the rules that it is for.
class Merger {
 public:
  Merger(const Overlay& view, const Observation& seen, Millis listened)
      : seen_(seen),
        listened_(listened),
        draft_(view, seen.gateway),
        runs_(draft_, changed_, seen.at, listened) {}

  ChangeSet merge() {
    if (draft_.peek<Gateway>(seen_.gateway) == nullptr &&
        !std::holds_alternative<GatewayConfigured>(seen_.what)) {
      return {};  // left the configuration while this was on its way
    }
    const Cause cause = std::visit([this](const auto& what) { return take(what); }, seen_.what);
    update_session_rows(draft_, changed_);
    // Of a part, an agent's runs are only known in part, so what it does is not.
    if (!std::holds_alternative<FleetPart>(seen_.what)) {
      update_agent_rows(draft_, changed_, seen_.at);
    }
    return finish(draft_, changed_, seen_.source, cause);
  }

 private:
  Cause take(const SignOfLife& /*what*/) {
    note_life();
    return Cause::kConnection;
  }

  Cause take(const ConnectionReport& report) {
    connected(report);
    return Cause::kConnection;
  }

  Cause take(const GapReport& /*gap*/) {
    ++draft_.edit<Gateway>(seen_.gateway)->gaps;
    return Cause::kGap;
  }

  Cause take(const FleetPart& part) {
    note_life();
    if (part.agents) agents_.listed(*part.agents);
    sessions_.listed(part.sessions);
    agents_.count_sessions();
    return cause_of_sync(part.initial);
  }

  Cause take(const FleetSync& sync) {
    if (sync.connection) connected(*sync.connection);
    note_life();
    if (sync.gateway_started_at) run_events_.gateway_started(*sync.gateway_started_at);
    if (sync.agents) agents_.listed(*sync.agents);
    sessions_.listed(sync.sessions);
    if (sync.presence) presence_listed(*sync.presence);
    draft_.each<Agent>([this](const Agent& row) { changed_.mark_changed(row.id); });
    sync.initial ? agents_.count_sessions_anew() : agents_.count_sessions();
    return cause_of_sync(sync.initial);
  }

  Cause take(const AgentsListed& list) {
    note_life();
    agents_.listed(list.agents);
    agents_.count_sessions();
    return Cause::kAgentConfig;
  }

  Cause take(const SessionsListed& list) {
    note_life();
    sessions_.listed(list.sessions);
    return Cause::kSessionsChanged;
  }

  Cause take(const SessionChecked& check) {
    note_life();
    sessions_.checked(check);
    return Cause::kSessionsChanged;
  }

  Cause take(const SessionChanged& change) {
    note_life();
    sessions_.changed(change);
    return Cause::kSessionsChanged;
  }

  Cause take(const SessionDeleted& gone) {
    note_life();
    sessions_.deleted(gone);
    return Cause::kSessionsChanged;
  }

  Cause take(const PresenceChanged& change) {
    note_life();
    presence_listed(change.presence);
    return Cause::kPresence;
  }

  Cause take(const AgentConfigured& configured) {
    note_life();
    agents_.configured(configured.agent);
    return Cause::kAgentConfig;
  }

  Cause take(const RunEvent& event) {
    note_life();
    run_events_.heard(event);
    const bool is_approval =
        event.kind == RunEvent::Kind::kWaiting || event.kind == RunEvent::Kind::kApproved;
    return is_approval ? Cause::kApproval : Cause::kAgentRun;
  }

  Cause take(const Polled& poll) {
    if (poll.connection) connected(*poll.connection);
    note_life();
    polls_.polled(poll);
    return Cause::kPoll;
  }

  Cause take(const TimePassed& /*what*/) { return Cause::kStall; }

  Cause take(const TooMuchKept& /*what*/) {
    sessions_.make_room();
    return Cause::kSessionsChanged;
  }

  Cause take(const GatewayConfigured& what) {
    const bool is_new = draft_.peek<Gateway>(seen_.gateway) == nullptr;
    Gateway& row = draft_.obtain<Gateway>(seen_.gateway);
    apply(row, ConnectionReport(), seen_.at);
    row.url = what.url;
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

  /// While nothing could be heard, no silence was noticed.
  void connected(const ConnectionReport& report) {
    Gateway& row = *draft_.edit<Gateway>(seen_.gateway);
    if (!speaks(row.state)) runs_.listen_again();
    apply(row, report, seen_.at);
  }

  void note_life() {
    const Gateway* row = draft_.peek<Gateway>(seen_.gateway);
    if (seen_.at >= row->last_event_at.value_or(0) + kLifeStep) {
      draft_.edit<Gateway>(seen_.gateway)->last_event_at = seen_.at;
    }
  }

  void presence_listed(const PresenceList& list) {
    TextMap<bool> listed;
    for (const auto& patch : list.entries) {
      listed.try_emplace(patch.id, true);
      apply(draft_.obtain<Presence>(patch.id), patch);
    }
    remove_unlisted<Presence>(draft_, listed, [](const Presence&) { return true; });
  }

  template <class Row>
  void remove_all() {
    remove_unlisted<Row>(draft_, {}, [](const Fields<Row>&) { return true; });
  }

  const Observation& seen_;
  const Millis listened_;
  Draft draft_;
  ChangedRuns changed_{draft_};
  RunBook runs_;
  ApprovalBook approvals_{changed_};
  const RuleContext context_{.seen = seen_,
                             .draft = draft_,
                             .changed = changed_,
                             .runs = runs_,
                             .approvals = approvals_,
                             .listened = listened_};
  AgentRules agents_{context_};
  SessionRules sessions_{context_, agents_};
  RunEventRules run_events_{context_};
  PollRules polls_{context_, agents_, sessions_};
};

ChangeSet merge_time_of(const Overlay& view, const std::string& gateway, TimeMs now,
                        Millis listened, const MergeRules& rules) {
  Draft draft(view, gateway);
  ChangedRuns changed(draft);
  RunBook runs(draft, changed, now, listened);
  ApprovalBook approvals(changed);
  std::vector<std::string> agents;
  view.each<AgentRuns>(gateway, [&](const AgentRuns& held) { agents.push_back(held.agent_id); });
  for (const auto& agent : agents) {
    approvals.expire(agent, now);
    approvals.check(agent, listened);
    runs.expire(agent, rules);
  }
  update_session_rows(draft, changed);
  update_agent_rows(draft, changed, now);
  return finish(draft, changed, Source::kSystem, Cause::kStall);
}

}  // namespace

ChangeSet merge(const Overlay& view, const Observation& observation, Millis listened) {
  return Merger(view, observation, listened).merge();
}

std::vector<ChangeSet> merge_time(const Overlay& view, TimeMs now, Millis listened,
                                  const MergeRules& rules) {
  std::vector<std::string> speaking;
  view.each_gateway([&](const Gateway& row) {
    if (speaks(row.state)) speaking.push_back(row.name);
  });
  std::vector<ChangeSet> changes;
  for (const auto& gateway : speaking) {
    ChangeSet change = merge_time_of(view, gateway, now, listened, rules);
    if (!change.empty()) changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace cc::fleet
