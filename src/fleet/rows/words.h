#pragma once
// The closed vocabularies of docs/protocol/stream.md, and their spelling. `parse` returns nullopt
// for any other word, and the caller decides.

#include <optional>
#include <string_view>

#include "command/kinds.h"

namespace cc::fleet {

enum class AgentStatus { kOffline, kUnknown, kWaiting, kStalled, kWorking, kError, kIdle };
enum class GatewayState { kConnecting, kLive, kPolling, kOffline, kBlocked };
/// Who brought a change. `kSystem` is Control Center itself (time passing, configuration).
enum class Source { kWs, kRest, kSystem };

/// What a gateway is asked for, as its row says it.
using command::Access;
enum class CommandStatus { kAccepted, kSent, kDone, kRefused, kExpired, kUnknown };
enum class ApprovalKind { kExec, kPlugin, kQuestion };
enum class ApprovalStatus { kPending, kAllowed, kDenied, kAnswered, kCancelled, kExpired };

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
  kCommand,
  kCron,
};

/// The event name of an entry in the stream.
enum class EventKind {
  kFleetUpdate,
  kSessionUpdate,
  kPresenceUpdate,
  kAgentUpdate,
  kGatewayUpdate,
  kApprovalUpdate,
  kCommandUpdate,
  kCronUpdate,
};

[[nodiscard]] std::string_view text(AgentStatus status);
[[nodiscard]] std::string_view text(GatewayState state);
[[nodiscard]] std::string_view text(Source source);
[[nodiscard]] std::string_view text(CommandStatus word);
[[nodiscard]] std::string_view text(ApprovalKind word);
[[nodiscard]] std::string_view text(ApprovalStatus word);
[[nodiscard]] std::string_view text(Cause cause);
[[nodiscard]] std::string_view text(EventKind kind);

/// Of each vocabulary of this file.
template <class Word>
[[nodiscard]] std::optional<Word> parse(std::string_view word);
template <>
[[nodiscard]] inline std::optional<Access> parse(std::string_view word) {
  return command::parse_access(word);
}

/// An approval that is decided or asked for tells of agents that wait, and of its own row:
/// `has_approvals` says whether the latter is in it.
[[nodiscard]] EventKind event_kind(Cause cause, bool has_approvals = false);

[[nodiscard]] constexpr bool has_ended(CommandStatus status) {
  return status != CommandStatus::kAccepted && status != CommandStatus::kSent;
}

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
