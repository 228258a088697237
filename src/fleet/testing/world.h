#pragma once
// For tests: a fleet that observations are merged into, and short ways to say them.

#include <deque>
#include <string>
#include <utility>

#include "fleet/merge.h"
#include "fleet/state/fleet.h"

namespace cc::fleet::testing {

inline constexpr TimeMs kStart = 1'795'000'000'000;

/// One gateway, `alpha`, and a time that moves a second with each observation unless it is set.
class World {
 public:
  World() {
    see(GatewayConfigured{}, Source::kSystem);
    see(ConnectionReport{.state = GatewayState::kLive,
                         .source = Source::kWs,
                         .detail = {},
                         .action = {},
                         .protocol = 4,
                         .server_version = "2026.9.6",
                         .connected_at = kStart,
                         .reconnected = false});
  }

  template <class What>
  ChangeSet see(What what, Source source = Source::kWs) {
    now_ += 1000;
    listened_ += Millis(1000);
    ChangeSet changes =
        merge(fleet_, {.gateway = "alpha", .source = source, .at = now_, .what = std::move(what)},
              listened_);
    fleet_.apply(changes);
    return changes;
  }

  std::vector<ChangeSet> pass(Millis time, Millis stall_after = std::chrono::minutes(10)) {
    now_ += time.count();
    listened_ += time;
    auto changes = merge_time(fleet_, now_, listened_, {.stall_after = stall_after});
    for (const auto& change : changes) fleet_.apply(change);
    return changes;
  }

  /// Time passes, and the gateway says of every doubted session that it is busy.
  std::vector<ChangeSet> pass_confirmed(Millis time,
                                        Millis stall_after = std::chrono::minutes(10)) {
    for (const auto& change : pass(time, stall_after)) {
      for (const auto& key : change.doubted) {
        SessionPatch row;
        row.key = key;
        row.has_active_run = true;
        see(SessionChecked{.key = key, .row = row, .is_firm = true});
      }
    }
    return pass(Millis(0), stall_after);
  }
  /// Only the clock on the wall moves.
  void set_clock_by(Millis time) { now_ += time.count(); }

  [[nodiscard]] const Agent& agent(std::string_view id) const {
    return *fleet_.find<Agent>("alpha", id);
  }
  [[nodiscard]] SessionView session(std::string_view key) const {
    return *fleet_.find<Session>("alpha", key);
  }
  [[nodiscard]] const Gateway& gateway() const { return *fleet_.gateway("alpha"); }
  [[nodiscard]] Fleet& fleet() { return fleet_; }
  [[nodiscard]] TimeMs now() const { return now_; }

 private:
  Fleet fleet_;
  TimeMs now_ = kStart;
  Millis listened_{0};
};

/// A view that stays good, for patches that are made without an observation around them.
inline std::string_view kept(std::string text) {
  static std::deque<std::string> all;
  return all.emplace_back(std::move(text));
}

inline AgentPatch agent_patch(std::string id) {
  AgentPatch patch;
  patch.id = std::move(id);
  return patch;
}

/// A whole row of `agent:AGENT:REST`.
inline SessionPatch session_patch(std::string key, TimeMs updated_at) {
  SessionPatch patch;
  patch.key = kept(std::move(key));
  patch.agent_id = patch.key.substr(6, patch.key.find(':', 6) - 6);
  patch.complete = true;
  patch.session_id = "generation-1";
  patch.updated_at = updated_at;
  return patch;
}

inline SessionPatch with_status(SessionPatch patch, std::string_view status) {
  const bool has_ended = status != "running" && status != "queued";
  if (has_ended) patch.ended_at = patch.updated_at.value();
  patch.status = kept(std::string(status));
  return patch;
}

/// Protocol 4's word on being busy.
inline SessionPatch with_runs(SessionPatch patch, std::vector<std::string> runs) {
  patch.has_active_run = !runs.empty();
  patch.active_run_ids = std::move(runs);
  return patch;
}

inline FleetSync sync_of(std::vector<std::string> agents, std::vector<SessionPatch> sessions) {
  FleetSync sync;
  AgentList& list = sync.agents.emplace();
  for (auto& id : agents) list.agents.push_back(agent_patch(std::move(id)));
  if (!list.agents.empty()) list.default_id = list.agents.front().id;
  sync.sessions = {.sessions = std::move(sessions), .complete = true};
  return sync;
}

inline RunEvent run_event(RunEvent::Kind kind, std::string session, std::string run) {
  RunEvent event;
  event.kind = kind;
  event.session_key = std::move(session);
  event.run_id = std::move(run);
  return event;
}

}  // namespace cc::fleet::testing
