#pragma once
// The closed vocabularies of docs/protocol/stream.md, and their spelling. `parse` returns nullopt
// for any other word, and the caller decides.

#include <optional>
#include <string_view>

namespace cc::fleet {

enum class AgentStatus { kOffline, kUnknown, kWaiting, kStalled, kWorking, kError, kIdle };
enum class GatewayState { kConnecting, kLive, kPolling, kOffline, kBlocked };
/// Who brought a change. `kSystem` is Control Center itself (time passing, configuration).
enum class Source { kWs, kRest, kSystem };

/// Why a change set exists.
enum class Cause {
  kInitialSync,
  kResync,
  kPoll,
  kSessionsChanged,
  kAgentRun,
  kPresence,
  kAgentConfig,
  kApproval,
  kStall,
  kConnection,
  kGap,
  kConfiguration,
};

/// The event name of an entry in the stream. It follows from the cause alone.
enum class EventKind {
  kFleetUpdate,
  kSessionUpdate,
  kPresenceUpdate,
  kAgentUpdate,
  kGatewayUpdate
};

[[nodiscard]] std::string_view text(AgentStatus status);
[[nodiscard]] std::string_view text(GatewayState state);
[[nodiscard]] std::string_view text(Source source);
[[nodiscard]] std::string_view text(Cause cause);
[[nodiscard]] std::string_view text(EventKind kind);

[[nodiscard]] std::optional<AgentStatus> parse_agent_status(std::string_view word);
[[nodiscard]] std::optional<GatewayState> parse_gateway_state(std::string_view word);
[[nodiscard]] std::optional<Source> parse_source(std::string_view word);
[[nodiscard]] std::optional<Cause> parse_cause(std::string_view word);
[[nodiscard]] std::optional<EventKind> parse_event_kind(std::string_view word);

[[nodiscard]] EventKind event_kind(Cause cause);

/// Whether a session's `status` says that its latest run failed or timed out.
[[nodiscard]] constexpr bool is_failure(std::string_view session_status) {
  return session_status == "failed" || session_status == "timeout";
}

/// Whether a gateway in this state tells us about its agents; where it does not, they are shown
/// `unknown`.
[[nodiscard]] constexpr bool speaks(GatewayState state) {
  return state == GatewayState::kLive || state == GatewayState::kPolling;
}

}  // namespace cc::fleet
