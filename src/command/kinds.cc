#include "command/kinds.h"

#include <algorithm>
#include <array>
#include <utility>

namespace cc::command {
namespace {

using enum By;
using enum Form;
using enum Repeat;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t kMostWords = 48UL * 1024;
constexpr std::size_t kMostJson = 16UL * 1024;

constexpr std::array kDecision{Param{.name = "decision",
                                     .form = kChoice,
                                     .required = true,
                                     .words = "allow-once allow-always deny"}};
constexpr std::array kAnswer{
    Param{.name = "answers", .form = kAnswers, .required = true, .most = kMostWords}};
constexpr std::array kSend{
    Param{.name = "text", .form = kWords, .required = true, .most = kMostWords}};
constexpr std::array kAbort{Param{.name = "runId", .form = kName}};
constexpr std::array kNewSession{Param{.name = "key", .form = kName},
                                 Param{.name = "label", .form = kLine},
                                 Param{.name = "model", .form = kLine}};
constexpr std::array kPatch{Param{.name = "label", .form = kLine, .nullable = true},
                            Param{.name = "model", .form = kLine, .nullable = true},
                            Param{.name = "thinkingLevel", .form = kLine, .nullable = true},
                            Param{.name = "archived", .form = kFlag}};
constexpr std::array kNewAgent{Param{.name = "name", .form = kName, .required = true},
                               Param{.name = "workspace", .form = kLine},
                               Param{.name = "model", .form = kLine},
                               Param{.name = "emoji", .form = kLine}};
constexpr std::array kOldAgent{
    Param{.name = "name", .form = kName}, Param{.name = "workspace", .form = kLine},
    Param{.name = "model", .form = kLine}, Param{.name = "emoji", .form = kLine}};
constexpr std::array kDeleteAgent{Param{.name = "deleteFiles", .form = kFlag}};
constexpr std::array kNewJob{
    Param{.name = "name", .form = kName, .required = true},
    Param{.name = "agentId", .form = kName, .required = true},
    Param{.name = "schedule", .form = kObject, .required = true, .most = kMostJson},
    Param{.name = "payload", .form = kObject, .required = true, .most = kMostJson},
    Param{.name = "sessionTarget", .form = kLine},
    Param{.name = "wakeMode", .form = kLine},
    Param{.name = "delivery", .form = kObject, .most = kMostJson},
    Param{.name = "enabled", .form = kFlag}};
constexpr std::array kOldJob{
    Param{.name = "patch", .form = kObject, .required = true, .most = kMostJson}};
constexpr std::array kRunJob{Param{.name = "mode", .form = kChoice, .words = "force due"}};

// clang-format off
constexpr std::array kKinds{
    Kind{"approval.decide", "decide what an agent may do", kOperator, kApproval, kDecision,
         Scope::kApprovals, Scope::kApprovals, kAlways, minutes(5), seconds(30)},
    Kind{"question.answer", "answer an agent's question", kOperator, kApproval, kAnswer,
         Scope::kNone, Scope::kQuestions, kNever, minutes(5), seconds(30)},
    Kind{"question.cancel", "leave an agent's question without an answer", kOperator, kApproval, {},
         Scope::kNone, Scope::kQuestions, kNever, minutes(5), seconds(30)},
    Kind{"session.send", "say something in a session", kOperator, kSession, kSend,
         Scope::kWrite, Scope::kWrite, kSameProcess, minutes(2), seconds(30)},
    Kind{"session.abort", "stop what runs in a session", kOperator, kSession, kAbort,
         Scope::kWrite, Scope::kWrite, kWithRun, minutes(1), seconds(30)},
    Kind{"session.create", "begin a session", kOperator, kNothing | kAgent, kNewSession,
         Scope::kWrite, Scope::kWrite, kNever, minutes(2), seconds(30)},
    Kind{"session.patch", "change a session's title, model or thinking level, or archive it", kOperator, kSession, kPatch,
         Scope::kAdmin, Scope::kWrite, kAlways, minutes(2), seconds(30)},
    Kind{"cron.run", "run a job now", kOperator, kJob, kRunJob,
         Scope::kAdmin, Scope::kAdmin, kNever, minutes(1), seconds(30)},
    Kind{"stop", "stop all that runs: of the gateway, an agent or a session", kOperator, kNothing | kAgent | kSession, {},
         Scope::kWrite, Scope::kWrite, kNever, minutes(1), seconds(30), true},
    Kind{"session.reset", "begin a session anew", kAdmin, kSession, {},
         Scope::kAdmin, Scope::kAdmin, kNever, minutes(1), seconds(60)},
    Kind{"session.compact", "shorten a session's context", kAdmin, kSession, {},
         Scope::kAdmin, Scope::kAdmin, kNever, minutes(1), seconds(120)},
    Kind{"session.delete", "delete a session", kAdmin, kSession, {},
         Scope::kAdmin, Scope::kAdmin, kNever, minutes(1), seconds(60)},
    Kind{"agent.create", "make an agent", kAdmin, kNothing, kNewAgent,
         Scope::kAdmin, Scope::kAdmin, kNever, minutes(2), seconds(60)},
    Kind{"agent.update", "change an agent", kAdmin, kAgent, kOldAgent,
         Scope::kAdmin, Scope::kAdmin, kAlways, minutes(2), seconds(60)},
    Kind{"agent.delete", "delete an agent", kAdmin, kAgent, kDeleteAgent,
         Scope::kAdmin, Scope::kAdmin, kNever, minutes(1), seconds(60)},
    Kind{"cron.create", "make a job", kAdmin, kNothing, kNewJob,
         Scope::kAdmin, Scope::kAdmin, kNever, minutes(2), seconds(30)},
    Kind{"cron.update", "change a job", kAdmin, kJob, kOldJob,
         Scope::kAdmin, Scope::kAdmin, kAlways, minutes(2), seconds(30)},
    Kind{"cron.delete", "delete a job", kAdmin, kJob, {},
         Scope::kAdmin, Scope::kAdmin, kNever, minutes(1), seconds(30)},
    Kind{"device.approve", "let a device in", kAdmin, kRequest, {},
         Scope::kPairing, Scope::kPairing, kNever, minutes(2), seconds(30)},
    Kind{"device.reject", "do not let a device in", kAdmin, kRequest, {},
         Scope::kPairing, Scope::kPairing, kNever, minutes(2), seconds(30)},
    Kind{"device.remove", "take a device's access away", kAdmin, kDevice, {},
         Scope::kPairing, Scope::kPairing, kNever, minutes(2), seconds(30)},
};

constexpr std::array<std::pair<Targets, std::string_view>, 7> kTargetNames{{
    {kNothing, ""}, {kApproval, "approvalId"}, {kSession, "sessionKey"}, {kAgent, "agentId"},
    {kJob, "jobId"}, {kDevice, "deviceId"}, {kRequest, "requestId"}}};
// clang-format on

bool operates(Scope scope, int protocol) {
  switch (scope) {
    case Scope::kRead:
    case Scope::kWrite:
    case Scope::kApprovals: return true;
    case Scope::kQuestions: return protocol >= 4;
    case Scope::kPairing:
    case Scope::kAdmin:
    case Scope::kNone: break;
  }
  return false;
}

}  // namespace

std::string_view member_of(Targets one) {
  const auto found =
      std::ranges::find(kTargetNames, one, &std::pair<Targets, std::string_view>::first);
  return found == kTargetNames.end() ? std::string_view() : found->second;
}

Targets target_named(std::string_view member) {
  const auto found =
      std::ranges::find(kTargetNames, member, &std::pair<Targets, std::string_view>::second);
  return found == kTargetNames.end() ? kNothing : found->first;
}

std::string_view text(Scope scope) {
  switch (scope) {
    case Scope::kRead: return "operator.read";
    case Scope::kWrite: return "operator.write";
    case Scope::kApprovals: return "operator.approvals";
    case Scope::kQuestions: return "operator.questions";
    case Scope::kPairing: return "operator.pairing";
    case Scope::kAdmin: return "operator.admin";
    case Scope::kNone: break;
  }
  return {};
}

bool Kind::has_words() const {
  return std::ranges::any_of(
      params, [](const Param& param) { return param.form == kWords || param.form == kAnswers; });
}

std::span<const Kind> kinds() {
  return kKinds;
}

const Kind* find_kind(std::string_view name) {
  const auto found = std::ranges::find(kKinds, name, &Kind::name);
  return found == kKinds.end() ? nullptr : &*found;
}

std::string_view text(Access access) {
  switch (access) {
    case Access::kRead: return "read";
    case Access::kOperate: return "operate";
    case Access::kAdmin: return "admin";
  }
  return {};
}

std::optional<Access> parse_access(std::string_view word) {
  for (const auto access : {Access::kRead, Access::kOperate, Access::kAdmin}) {
    if (word == text(access)) return access;
  }
  return std::nullopt;
}

bool asks_for(Access access, Scope scope, int protocol) {
  if (scope == Scope::kNone) return false;
  if (scope == Scope::kRead) return true;
  if (scope == Scope::kQuestions && protocol < 4) return false;
  if (access == Access::kAdmin) return true;
  return access == Access::kOperate && operates(scope, protocol);
}

Access access_for(const Kind& kind, int protocol) {
  return operates(kind.scope_in(protocol), protocol) ? Access::kOperate : Access::kAdmin;
}

}  // namespace cc::command
