#include "fleet/merge.h"

#include "fleet/row_rules.h"
#include "fleet/rules/approval_rules.h"
#include "fleet/rules/command_rules.h"
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
        commands_(view, draft_, seen.at),
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
    if (sync.presence) replace_all<Presence>(sync.presence->entries);
    if (sync.approvals) asked_.listed(*sync.approvals);
    if (sync.cron) replace_all<CronJob>(sync.cron->jobs);
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
    replace_all<Presence>(change.presence.entries);
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
    if (event.kind == RunEvent::Kind::kStart) commands_.run_seen(event.run_id);
    const bool is_approval =
        event.kind == RunEvent::Kind::kWaiting || event.kind == RunEvent::Kind::kApproved;
    if (event.kind == RunEvent::Kind::kWaiting) asked_.run_waits(event.approval_id, event.run_id);
    return is_approval ? Cause::kApproval : Cause::kAgentRun;
  }

  Cause take(const ApprovalAsked& what) {
    note_life();
    asked_.asked(what.approval);
    return Cause::kApproval;
  }

  Cause take(const ApprovalResolved& what) {
    note_life();
    asked_.resolved(what);
    return Cause::kApproval;
  }

  Cause take(const CronListed& what) {
    note_life();
    replace_all<CronJob>(what.list.jobs);
    return Cause::kCron;
  }

  Cause take(const CommandGiven& what) {
    commands_.given(what);
    return Cause::kCommand;
  }

  Cause take(const CommandWithdrawn& what) {
    commands_.withdrawn(what);
    return Cause::kCommand;
  }

  Cause take(const CommandDue& what) {
    commands_.due(what);
    return Cause::kCommand;
  }

  Cause take(const CommandAnswered& what) {
    commands_.answered(what);
    return Cause::kCommand;
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
    row.access = what.access;
    commands_.restarted();
    return is_new ? Cause::kConfiguration : Cause::kConnection;
  }

  Cause take(const GatewayForgotten& /*what*/) {
    remove_all<Agent>();
    remove_all<Session>();
    remove_all<Presence>();
    remove_all<Command>();
    remove_all<Approval>();
    remove_all<CronJob>();
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

  /// All that there is of a kind.
  template <class Row, class Patch>
  void replace_all(const std::vector<Patch>& patches) {
    TextMap<bool> listed;
    for (const auto& patch : patches) {
      listed.try_emplace(patch.id, true);
      apply(draft_.obtain<Row>(patch.id), patch);
    }
    remove_unlisted<Row>(draft_, listed, [](const Row&) { return true; });
  }

  template <class Row>
  void remove_all() {
    remove_unlisted<Row>(draft_, {}, [](const Fields<Row>&) { return true; });
  }

  const Observation& seen_;
  const Millis listened_;
  Draft draft_;
  CommandRules commands_;
  ApprovalRules asked_{draft_, commands_, seen_.at};
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

/// Also of gateways that do not speak: what waits for them has its time.
template <class Rules>
void add_timed(std::vector<ChangeSet>& changes, const Overlay& view, const std::string& gateway,
               TimeMs now, Cause cause, Rules rules) {
  Draft draft(view, gateway);
  CommandRules commands(view, draft, now);
  rules(draft, commands);
  ChangeSet change = draft.finish(Source::kSystem, cause);
  if (!change.empty()) changes.push_back(std::move(change));
}

void add_timed_rows(std::vector<ChangeSet>& changes, const Overlay& view,
                    const std::string& gateway, TimeMs now) {
  add_timed(changes, view, gateway, now, Cause::kApproval,
            [&](Draft& draft, CommandRules& commands) {
              ApprovalRules(draft, commands, now).time_passed();
            });
  add_timed(changes, view, gateway, now, Cause::kCommand,
            [](Draft&, CommandRules& commands) { commands.time_passed(); });
}

}  // namespace

ChangeSet merge(const Overlay& view, const Observation& observation, Millis listened) {
  return Merger(view, observation, listened).merge();
}

std::vector<ChangeSet> merge_time(const Overlay& view, TimeMs now, Millis listened,
                                  const MergeRules& rules) {
  std::vector<std::string> speaking;
  std::vector<ChangeSet> changes;
  view.each_gateway([&](const Gateway& row) {
    if (speaks(row.state)) speaking.push_back(row.name);
    add_timed_rows(changes, view, row.name, now);
  });
  for (const auto& gateway : speaking) {
    ChangeSet change = merge_time_of(view, gateway, now, listened, rules);
    if (!change.empty()) changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace cc::fleet
