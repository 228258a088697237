#pragma once
// Frames → observations: what events and answers of protocols 3 and 4 mean
// (docs/protocol/gateway.md, "Events", "Session rows"). Pure. A row that cannot be understood costs
// that row alone; it is counted in `skipped`.

#include <string>
#include <vector>

#include "fleet/observation.h"
#include "gateway/protocol/dialect.h"
#include "gateway/protocol/frame.h"

namespace cc::gateway::protocol {

/// What an event means: observations, and what has to be read again.
struct Interpretation {
  std::vector<fleet::Observation> observations;
  /// config.changed, agent.config without fields, a health event that names other agents
  bool refetch_agents = false;
  bool refetch_sessions = false;  // sessions.changed without a key, unless it echoes a delete
  bool refetch_presence = false;  // a presence version moved on without a presence event
  bool refetch_cron = false;      // something happened to a job
  bool shutdown = false;
  std::optional<Millis> restart_expected;
  /// Why parts were left out: "key", "type", ... (fixed words, for metrics and the log)
  std::vector<std::string_view> skipped;

  [[nodiscard]] bool wants_reading() const {
    return refetch_agents || refetch_sessions || refetch_presence || refetch_cron;
  }
};

/// What only the handshake says about the gateway.
struct Peer {
  std::string gateway;
  Dialect dialect = kDialectV4;
  std::optional<std::int64_t> presence_version;  // of the presence that the hello brought
  /// When its process started, by its own clock: no run is older.
  std::optional<TimeMs> started_at;
};

/// Remembers what makes an event mean something else than its own bytes: presence versions, the
/// agents that a health event named, deletes that will be told of again. One per connection.
class Interpreter {
 public:
  explicit Interpreter(Peer peer);
  ~Interpreter();
  Interpreter(Interpreter&&) noexcept;

  [[nodiscard]] Interpretation event(const EventFrame& frame, TimeMs at);

  /// The answers of the sync. `skipped` counts rows that were left out.
  [[nodiscard]] Result<fleet::AgentList> agents_list(simdjson::dom::element payload,
                                                     std::vector<std::string_view>& skipped);
  struct SessionsPage {
    fleet::SessionList list;
    std::optional<std::int64_t> total;        // protocol 4
    std::optional<std::int64_t> next_offset;  // protocol 4: read on from here
  };
  [[nodiscard]] Result<SessionsPage> sessions_list(simdjson::dom::element payload,
                                                   std::vector<std::string_view>& skipped);
  /// One session, or none.
  [[nodiscard]] Result<fleet::SessionList> session_described(
      simdjson::dom::element payload, std::vector<std::string_view>& skipped);
  [[nodiscard]] Result<fleet::PresenceList> presence(simdjson::dom::element array,
                                                     std::vector<std::string_view>& skipped);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cc::gateway::protocol
