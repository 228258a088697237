#pragma once
// What we know of one agent's runs. It is not a row: it is not published and not stored. A sync
// rebuilds it from the sessions' rows. The agent's status follows from it.

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace cc::fleet {

// Durations of silence are measured on the listening clock (merge.h), which no change of the
// machine's clock moves.

/// Whether the gateway's own row is to be read of what is silent since then, and was doubted last
/// at `doubted_at`: after a minute, then each time twice as late, but at least every five minutes.
[[nodiscard]] inline bool is_doubtful(Millis silent_since, Millis doubted_at, Millis now) {
  constexpr Millis kFirst = std::chrono::minutes(1);
  constexpr Millis kMost = std::chrono::minutes(5);
  return now >= doubted_at + std::clamp(doubted_at - silent_since, kFirst, kMost);
}

struct Run {
  std::string session_key;
  std::string run_id;  // empty where the gateway tells only that the session is busy
  TimeMs started_at = 0;
  std::optional<TimeMs> last_progress_at;  // by our clock; empty: we have seen none
  Millis silent_since{0};
  Millis doubted_at{0};                 // when the gateway's own row was last asked for
  Millis confirmed_at{0};               // when that row last said that it is active
  std::optional<Millis> failing_since;  // protocol 3 reports an error 15 s before it is final
  TimeMs failed_at = 0;                 // by the gateway's clock
  bool stalled = false;                 // no progress for as long as the rules allow
  friend bool operator==(const Run&, const Run&) = default;
};

struct PendingApproval {
  std::string id;
  std::string session_key;
  std::string run_id;
  TimeMs expires_at = 0;
  bool outlives_run = false;               // it waits on when the run that asked has ended
  std::optional<TimeMs> gateway_asked_at;  // by the gateway's clock
  Millis asked_at{0};
  Millis doubted_at{0};
  friend bool operator==(const PendingApproval&, const PendingApproval&) = default;
};

/// How the latest run to end ended, over all sessions of the agent.
struct LastEnd {
  TimeMs at = 0;
  std::optional<TimeMs> started_at;
  std::string status;  // done, failed, killed, timeout
  std::string session_key;
  std::string error;  // the gateway's words, may be empty
  bool heard_live =
      false;  // by an event, so that its place in time is certain; else read in a list
  friend bool operator==(const LastEnd&, const LastEnd&) = default;
};

/// A run of this session ended, as its lifecycle told, and no row has said so yet. A row that still
/// says `running` of a run that is not newer is late.
struct EndedSession {
  std::string session_key;
  TimeMs at = 0;  // by the gateway's clock
  friend bool operator==(const EndedSession&, const EndedSession&) = default;
};

struct AgentRuns {
  std::string agent_id;
  std::vector<Run> runs;
  std::vector<PendingApproval> approvals;
  std::vector<EndedSession> ended;
  std::optional<LastEnd> last_end;

  [[nodiscard]] const std::string& identity() const { return agent_id; }
  [[nodiscard]] bool empty() const {
    return runs.empty() && approvals.empty() && ended.empty() && !last_end;
  }
  friend bool operator==(const AgentRuns&, const AgentRuns&) = default;
};

}  // namespace cc::fleet
