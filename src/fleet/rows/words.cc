#include "fleet/rows/words.h"

#include <array>
#include <utility>

namespace cc::fleet {
namespace {

template <class Word, std::size_t N>
using Spelling = std::array<std::pair<Word, std::string_view>, N>;

constexpr Spelling<AgentStatus, 7> kAgentStatus{{{AgentStatus::kOffline, "offline"},
                                                 {AgentStatus::kUnknown, "unknown"},
                                                 {AgentStatus::kWaiting, "waiting"},
                                                 {AgentStatus::kStalled, "stalled"},
                                                 {AgentStatus::kWorking, "working"},
                                                 {AgentStatus::kError, "error"},
                                                 {AgentStatus::kIdle, "idle"}}};
constexpr Spelling<GatewayState, 5> kGatewayState{{{GatewayState::kConnecting, "connecting"},
                                                   {GatewayState::kLive, "live"},
                                                   {GatewayState::kPolling, "polling"},
                                                   {GatewayState::kOffline, "offline"},
                                                   {GatewayState::kBlocked, "blocked"}}};
constexpr Spelling<Source, 3> kSource{
    {{Source::kWs, "ws"}, {Source::kRest, "rest"}, {Source::kSystem, "system"}}};
constexpr Spelling<CommandStatus, 6> kCommandStatus{{{CommandStatus::kAccepted, "accepted"},
                                                     {CommandStatus::kSent, "sent"},
                                                     {CommandStatus::kDone, "done"},
                                                     {CommandStatus::kRefused, "refused"},
                                                     {CommandStatus::kExpired, "expired"},
                                                     {CommandStatus::kUnknown, "unknown"}}};
constexpr Spelling<ApprovalKind, 3> kApprovalKind{{{ApprovalKind::kExec, "exec"},
                                                   {ApprovalKind::kPlugin, "plugin"},
                                                   {ApprovalKind::kQuestion, "question"}}};
constexpr Spelling<ApprovalStatus, 6> kApprovalStatus{{{ApprovalStatus::kPending, "pending"},
                                                       {ApprovalStatus::kAllowed, "allowed"},
                                                       {ApprovalStatus::kDenied, "denied"},
                                                       {ApprovalStatus::kAnswered, "answered"},
                                                       {ApprovalStatus::kCancelled, "cancelled"},
                                                       {ApprovalStatus::kExpired, "expired"}}};
constexpr Spelling<Cause, 14> kCause{{{Cause::kInitialSync, "initial-sync"},
                                      {Cause::kResync, "resync"},
                                      {Cause::kPoll, "poll"},
                                      {Cause::kSessionsChanged, "sessions.changed"},
                                      {Cause::kAgentRun, "agent.run"},
                                      {Cause::kPresence, "presence"},
                                      {Cause::kAgentConfig, "agent.config"},
                                      {Cause::kApproval, "approval"},
                                      {Cause::kStall, "stall"},
                                      {Cause::kConnection, "connection"},
                                      {Cause::kGap, "gap"},
                                      {Cause::kConfiguration, "configuration"},
                                      {Cause::kCommand, "command"},
                                      {Cause::kCron, "cron"}}};
constexpr Spelling<EventKind, 8> kEventKind{{{EventKind::kFleetUpdate, "fleet.update"},
                                             {EventKind::kSessionUpdate, "session.update"},
                                             {EventKind::kPresenceUpdate, "presence.update"},
                                             {EventKind::kAgentUpdate, "agent.update"},
                                             {EventKind::kGatewayUpdate, "gateway.update"},
                                             {EventKind::kApprovalUpdate, "approval.update"},
                                             {EventKind::kCommandUpdate, "command.update"},
                                             {EventKind::kCronUpdate, "cron.update"}}};

template <class Word, std::size_t N>
std::string_view spell(const Spelling<Word, N>& spelling, Word word) {
  for (const auto& [known, text] : spelling) {
    if (known == word) return text;
  }
  return {};
}

template <class Word, std::size_t N>
std::optional<Word> read(const Spelling<Word, N>& spelling, std::string_view text) {
  for (const auto& [word, known] : spelling) {
    if (known == text) return word;
  }
  return std::nullopt;
}

}  // namespace

std::string_view text(AgentStatus status) {
  return spell(kAgentStatus, status);
}
std::string_view text(GatewayState state) {
  return spell(kGatewayState, state);
}
std::string_view text(Source source) {
  return spell(kSource, source);
}
std::string_view text(CommandStatus word) {
  return spell(kCommandStatus, word);
}
std::string_view text(ApprovalKind word) {
  return spell(kApprovalKind, word);
}
std::string_view text(ApprovalStatus word) {
  return spell(kApprovalStatus, word);
}
std::string_view text(Cause cause) {
  return spell(kCause, cause);
}
std::string_view text(EventKind kind) {
  return spell(kEventKind, kind);
}

std::optional<AgentStatus> parse_agent_status(std::string_view word) {
  return read(kAgentStatus, word);
}
std::optional<GatewayState> parse_gateway_state(std::string_view word) {
  return read(kGatewayState, word);
}
std::optional<Source> parse_source(std::string_view word) {
  return read(kSource, word);
}
std::optional<CommandStatus> parse_command_status(std::string_view word) {
  return read(kCommandStatus, word);
}
std::optional<ApprovalKind> parse_approval_kind(std::string_view word) {
  return read(kApprovalKind, word);
}
std::optional<ApprovalStatus> parse_approval_status(std::string_view word) {
  return read(kApprovalStatus, word);
}
std::optional<Cause> parse_cause(std::string_view word) {
  return read(kCause, word);
}
std::optional<EventKind> parse_event_kind(std::string_view word) {
  return read(kEventKind, word);
}

EventKind event_kind(Cause cause, bool has_approvals) {
  switch (cause) {
    case Cause::kInitialSync:
    case Cause::kResync:
    case Cause::kPoll:
    case Cause::kConfiguration: return EventKind::kFleetUpdate;
    case Cause::kSessionsChanged: return EventKind::kSessionUpdate;
    case Cause::kPresence: return EventKind::kPresenceUpdate;
    case Cause::kAgentRun:
    case Cause::kAgentConfig:
    case Cause::kStall: return EventKind::kAgentUpdate;
    case Cause::kApproval:
      return has_approvals ? EventKind::kApprovalUpdate : EventKind::kAgentUpdate;
    case Cause::kCommand: return EventKind::kCommandUpdate;
    case Cause::kCron: return EventKind::kCronUpdate;
    case Cause::kConnection:
    case Cause::kGap: return EventKind::kGatewayUpdate;
  }
  return EventKind::kFleetUpdate;
}

}  // namespace cc::fleet
