#include "fleet/rows/words.h"

#include <array>
#include <utility>

namespace cc::fleet {
namespace {

template <class Word, std::size_t N>
using Spelling = std::array<std::pair<Word, std::string_view>, N>;
template <class Word>
constexpr Spelling<Word, 0> kSpelling{};

template <>
constexpr Spelling<AgentStatus, 7> kSpelling<AgentStatus>{{{AgentStatus::kOffline, "offline"},
                                                           {AgentStatus::kUnknown, "unknown"},
                                                           {AgentStatus::kWaiting, "waiting"},
                                                           {AgentStatus::kStalled, "stalled"},
                                                           {AgentStatus::kWorking, "working"},
                                                           {AgentStatus::kError, "error"},
                                                           {AgentStatus::kIdle, "idle"}}};
template <>
constexpr Spelling<GatewayState, 5> kSpelling<GatewayState>{
    {{GatewayState::kConnecting, "connecting"},
     {GatewayState::kLive, "live"},
     {GatewayState::kPolling, "polling"},
     {GatewayState::kOffline, "offline"},
     {GatewayState::kBlocked, "blocked"}}};
template <>
constexpr Spelling<Source, 3> kSpelling<Source>{
    {{Source::kWs, "ws"}, {Source::kRest, "rest"}, {Source::kSystem, "system"}}};
template <>
constexpr Spelling<CommandStatus, 6> kSpelling<CommandStatus>{
    {{CommandStatus::kAccepted, "accepted"},
     {CommandStatus::kSent, "sent"},
     {CommandStatus::kDone, "done"},
     {CommandStatus::kRefused, "refused"},
     {CommandStatus::kExpired, "expired"},
     {CommandStatus::kUnknown, "unknown"}}};
template <>
constexpr Spelling<ApprovalKind, 3> kSpelling<ApprovalKind>{
    {{ApprovalKind::kExec, "exec"},
     {ApprovalKind::kPlugin, "plugin"},
     {ApprovalKind::kQuestion, "question"}}};
template <>
constexpr Spelling<ApprovalStatus, 6> kSpelling<ApprovalStatus>{
    {{ApprovalStatus::kPending, "pending"},
     {ApprovalStatus::kAllowed, "allowed"},
     {ApprovalStatus::kDenied, "denied"},
     {ApprovalStatus::kAnswered, "answered"},
     {ApprovalStatus::kCancelled, "cancelled"},
     {ApprovalStatus::kExpired, "expired"}}};
template <>
constexpr Spelling<Cause, 14> kSpelling<Cause>{{{Cause::kInitialSync, "initial-sync"},
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
template <>
constexpr Spelling<EventKind, 8> kSpelling<EventKind>{
    {{EventKind::kFleetUpdate, "fleet.update"},
     {EventKind::kSessionUpdate, "session.update"},
     {EventKind::kPresenceUpdate, "presence.update"},
     {EventKind::kAgentUpdate, "agent.update"},
     {EventKind::kGatewayUpdate, "gateway.update"},
     {EventKind::kApprovalUpdate, "approval.update"},
     {EventKind::kCommandUpdate, "command.update"},
     {EventKind::kCronUpdate, "cron.update"}}};

template <class Word>
std::string_view spell(Word word) {
  for (const auto& [known, text] : kSpelling<Word>) {
    if (known == word) return text;
  }
  return {};
}

}  // namespace

std::string_view text(AgentStatus status) {
  return spell(status);
}
std::string_view text(GatewayState state) {
  return spell(state);
}
std::string_view text(Source source) {
  return spell(source);
}
std::string_view text(CommandStatus word) {
  return spell(word);
}
std::string_view text(ApprovalKind word) {
  return spell(word);
}
std::string_view text(ApprovalStatus word) {
  return spell(word);
}
std::string_view text(Cause cause) {
  return spell(cause);
}
std::string_view text(EventKind kind) {
  return spell(kind);
}

template <class Word>
std::optional<Word> parse(std::string_view word) {
  for (const auto& [known, text] : kSpelling<Word>) {
    if (text == word) return known;
  }
  return std::nullopt;
}
template std::optional<AgentStatus> parse(std::string_view word);
template std::optional<GatewayState> parse(std::string_view word);
template std::optional<Source> parse(std::string_view word);
template std::optional<CommandStatus> parse(std::string_view word);
template std::optional<ApprovalKind> parse(std::string_view word);
template std::optional<ApprovalStatus> parse(std::string_view word);
template std::optional<Cause> parse(std::string_view word);
template std::optional<EventKind> parse(std::string_view word);

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
