#pragma once
// What we know of one agent's runs. It is not a row: it is not published and not stored. A sync
// rebuilds it from the sessions' rows. The agent's status follows from it.

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace cc::fleet {

struct Run {
  std::string session_key;
  std::string run_id;  // empty where the gateway tells only that the session is busy
  TimeMs started_at = 0;
  TimeMs last_progress_at = 0;
  std::optional<TimeMs> failing_since;  // protocol 3 reports an error 15 s before it is final
  TimeMs failed_at = 0;                 // the same by the gateway's clock
  bool stalled = false;                 // no progress for as long as the rules allow
  friend bool operator==(const Run&, const Run&) = default;
};

struct Approval {
  std::string id;
  std::string session_key;
  std::string run_id;
  TimeMs expires_at = 0;
  bool outlives_run = false;  // it waits on when the run that asked has ended
  friend bool operator==(const Approval&, const Approval&) = default;
};

/// How the latest run to end ended, over all sessions of the agent.
struct LastEnd {
  TimeMs at = 0;
  std::optional<TimeMs> started_at;
  std::string status;  // done, failed, killed, timeout
  std::string session_key;
  std::string error;  // the gateway's words, may be empty
  friend bool operator==(const LastEnd&, const LastEnd&) = default;
};

struct AgentRuns {
  std::string agent_id;
  std::vector<Run> runs;
  std::vector<Approval> approvals;
  std::optional<LastEnd> last_end;

  [[nodiscard]] const std::string& identity() const { return agent_id; }
  [[nodiscard]] bool empty() const { return runs.empty() && approvals.empty() && !last_end; }
  friend bool operator==(const AgentRuns&, const AgentRuns&) = default;
};

}  // namespace cc::fleet
