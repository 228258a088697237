#pragma once
// What the simulated gateway knows of its agents, sessions and runs. Plain data; World changes it,
// the row writers show it in the shape of either protocol. Times are milliseconds since the epoch,
// 0 is "never".

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace cc::sim {

enum class Protocol { kV3 = 3, kV4 = 4 };

struct Agent {
  std::string id;
  std::string name;
  std::string emoji;  // empty: none
  std::string provider;
  std::string model;
  std::string workspace;
  bool is_default = false;
  bool failing = false;  // its runs end in errors (scenario "incident")
  bool made_by_operator = false;
  TimeMs created_at = 0;

  [[nodiscard]] const std::string& identity() const { return id; }
};

enum class RunStatus { kNever, kRunning, kDone, kFailed, kKilled, kTimeout, kQueued };

/// As the wire spells it; "" for kNever.
[[nodiscard]] std::string_view word(RunStatus status);

/// Figures of the latest run.
struct Usage {
  std::int64_t input = 0;
  std::int64_t output = 0;
  std::int64_t context = 0;
  double cost_usd = 0;
};

struct Session {
  std::string key;
  std::string agent_id;
  std::string session_id;
  std::string label;          // empty: none
  std::string first_message;  // what a title is derived from
  std::string last_message;
  std::string kind = "direct";
  std::string channel = "webchat";
  std::string parent_key;  // empty: nobody
  std::vector<std::string> children;
  std::string provider;
  std::string model;
  bool model_overridden = false;
  RunStatus status = RunStatus::kNever;
  bool aborted = false;
  bool archived = false;
  bool pinned = false;
  std::optional<Usage> usage;
  TimeMs created_at = 0;
  TimeMs updated_at = 0;
  TimeMs last_interaction_at = 0;
  TimeMs started_at = 0;
  TimeMs ended_at = 0;
  TimeMs failing_until = 0;  // protocol 3 shows a failed run as running until then
  std::string active_run;    // empty: idle
  std::string last_run;
  std::string last_error;

  [[nodiscard]] const std::string& identity() const { return key; }
  [[nodiscard]] bool is_main() const { return key == "agent:" + agent_id + ":main"; }
  [[nodiscard]] bool has_run() const { return status != RunStatus::kNever; }
  /// The label, else what the first message says.
  [[nodiscard]] const std::string& title() const { return label.empty() ? first_message : label; }
};

struct Run {
  std::string id;
  std::string session_key;
  std::string agent_id;
  TimeMs started_at = 0;
  int pieces = 0;        // parts of the answer told so far
  std::int64_t seq = 0;  // the run's own counter, shared by `agent` and `chat`
  std::string text;      // the answer so far
  std::string item_id;
  std::string approval_id;  // waits for this one; empty: does not wait
  bool by_hand = false;     // somebody else moves it on; the emitter leaves it alone

  [[nodiscard]] const std::string& identity() const { return id; }
};

struct Approval {
  std::string id;
  std::string session_key;
  std::string agent_id;
  std::string run_id;
  std::string tool_call_id;
  std::string command;
  TimeMs created_at = 0;
  TimeMs expires_at = 0;

  [[nodiscard]] const std::string& identity() const { return id; }
};

struct PresenceEntry {
  std::string id;  // how the world tells them apart; not on the wire
  std::string client_id;
  std::string host;
  std::string version;
  std::string platform;
  std::string device_family;
  std::string mode;
  std::string reason;
  std::string device_id;
  std::string instance_id;
  std::vector<std::string> roles;
  std::vector<std::string> scopes;
  TimeMs since = 0;
  TimeMs at = 0;

  [[nodiscard]] const std::string& identity() const { return id; }
};

}  // namespace cc::sim
