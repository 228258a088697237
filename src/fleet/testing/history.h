#pragma once
// For tests: what may be heard from one gateway, at random.

#include <random>
#include <string>
#include <utility>

#include "fleet/testing/world.h"

namespace cc::fleet::testing {

/// Random observations of a small world, so that they meet often.
class History {
 public:
  explicit History(unsigned seed) : random_(seed) {}

  Observation next() {
    at_ += pick(3000);
    Observation seen{.gateway = "alpha", .source = Source::kWs, .at = at_, .what = SignOfLife{}};
    switch (pick(11)) {
      case 0: seen.what = sync(); break;
      case 9: seen.what = part(); break;
      case 1:
        seen.what =
            ConnectionReport{.state = pick(2) == 0 ? GatewayState::kOffline : GatewayState::kLive};
        break;
      case 10: seen.what = PresenceChanged{presence()}; break;
      case 2: seen.what = SessionDeleted{.key = key(), .session_id = {}}; break;
      case 3: seen.what = AgentsListed{.agents = *sync().agents}; break;
      case 4: seen.what = event(); break;
      case 5:
        seen.source = Source::kRest;
        seen.what = poll();
        break;
      default:
        seen.what =
            SessionChanged{.row = row(), .phase = phase(), .reason = {}, .run_id = kept(run())};
    }
    return seen;
  }

 private:
  unsigned pick(unsigned below) { return static_cast<unsigned>(random_()) % below; }
  std::string agent() { return "a" + std::to_string(pick(3)); }
  std::string key() { return "agent:" + agent() + ":s" + std::to_string(pick(4)); }
  std::string run() { return "r" + std::to_string(pick(5)); }
  std::string_view phase() {
    constexpr const char* kPhases[] = {"", "start", "end", "error", "message"};
    return kPhases[pick(5)];
  }
  SessionPatch row() {
    constexpr const char* kStatus[] = {"running", "done", "failed", "killed", "timeout"};
    SessionPatch patch = with_status(session_patch(key(), at_ - pick(2000)), kStatus[pick(5)]);
    if (pick(2) == 0) patch.has_active_run = pick(2) == 0;
    if (pick(3) == 0) patch.session_id = kept("generation-" + std::to_string(pick(3)));
    patch.complete = pick(4) != 0;
    return patch;
  }
  RunEvent event() {
    RunEvent made = run_event(static_cast<RunEvent::Kind>(pick(6)), key(), run());
    made.approval_id = "p" + std::to_string(pick(3));
    made.final = pick(2) == 0;
    if (pick(2) == 0) made.ended_at = at_;
    return made;
  }
  FleetSync sync() {
    FleetSync made = sync_of({"a0", "a1"}, {row(), row(), row()});
    if (pick(2) == 0) made.agents->agents.push_back(agent_patch("a2"));
    made.initial = pick(4) == 0;
    if (pick(2) == 0) made.connection = ConnectionReport{.state = GatewayState::kLive};
    made.sessions.complete = pick(2) == 0;
    return made;
  }
  FleetPart part() {
    FleetSync whole = sync();
    FleetPart made{.initial = whole.initial, .sessions = std::move(whole.sessions)};
    made.sessions.complete = false;
    if (pick(2) == 0) made.agents = std::move(whole.agents);
    return made;
  }
  PresenceList presence() {
    PresenceList made;
    for (unsigned i = 0; i < pick(4); ++i) {
      made.entries.push_back({.id = "d" + std::to_string(pick(4)),
                              .host = "box " + std::to_string(pick(2)),
                              .roles = {"node"},
                              .online = pick(2) == 0,
                              .last_seen_at = at_});
    }
    return made;
  }
  Polled poll() {
    Polled made;
    AgentPatch patch = agent_patch(agent());
    patch.status = AgentStatus::kIdle;
    made.agents.push_back(patch);
    return made;
  }

  std::mt19937 random_;
  TimeMs at_ = kStart;
};

}  // namespace cc::fleet::testing
