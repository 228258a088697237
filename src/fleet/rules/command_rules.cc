#include "fleet/rules/command_rules.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.h"
#include "command/kinds.h"
#include "fleet/rules/approval_rules.h"
#include "fleet/rules/command_objection.h"

namespace cc::fleet {
namespace {

constexpr std::string_view kSeenSo =
    "The answer was lost; what came afterwards shows that it was done.";
constexpr std::string_view kSeenOtherwise =
    "The answer was lost; what came afterwards shows that it was not done.";

bool has_words(const Command& row) {
  const auto* kind = command::find_kind(row.kind);
  return kind != nullptr && kind->has_words();
}

bool can_be_told(const Overlay& view, const Command& command) {
  const Gateway* gateway = view.gateway(command.gateway);
  return gateway != nullptr && gateway->state == GatewayState::kLive &&
         std::ranges::find(gateway->can, command.kind) != gateway->can.end();
}

}  // namespace

bool has_second_thoughts(const Command& command) {
  return command.author.via == "page" && command.kind == "approval.decide";
}

bool goes_at_once(const Overlay& view, const Command& given) {
  const Command* held = view.find<Command>(given.gateway, given.id);
  if (held == nullptr || held->status != CommandStatus::kAccepted) return false;
  if (has_second_thoughts(*held) || !can_be_told(view, *held)) return false;
  std::size_t open = 0;
  bool comes_first = true;
  view.each<Command>(given.gateway, [&](const Command& other) {
    if (has_ended(other.status)) return;
    ++open;
    comes_first = comes_first && (other.id == given.id || other.target.member.empty() ||
                                  other.target != held->target);
  });
  return comes_first && open <= kMostInFlight;
}

void CommandRules::given(const CommandGiven& what) {
  const Command& given = what.row;
  if (draft_.peek<Command>(given.id) != nullptr) return;
  if (objection(view_, given, what.expected)) return;
  Command& row = draft_.obtain<Command>(given.id);
  row = given;
  row.status = CommandStatus::kAccepted;
  row.created_at = now_;
}

void CommandRules::withdrawn(const CommandWithdrawn& what) {
  const Command* held = draft_.peek<Command>(what.id);
  if (held == nullptr || held->status != CommandStatus::kAccepted) return;
  end(*draft_.edit<Command>(what.id), CommandStatus::kRefused,
      "Withdrawn by " + what.by + " before it was sent.");
}

void CommandRules::due(const CommandDue& what) {
  const Command* held = draft_.peek<Command>(what.id);
  if (held == nullptr || held->status != CommandStatus::kAccepted) return;
  Command& row = *draft_.edit<Command>(what.id);
  row.status = CommandStatus::kSent;
  row.sent_at = now_;
}

void CommandRules::answered(const CommandAnswered& what) {
  const Command* held = draft_.peek<Command>(what.id);
  const bool open = held != nullptr && (held->status == CommandStatus::kSent ||
                                        held->status == CommandStatus::kUnknown);
  if (!open) return;
  Command& row = *draft_.edit<Command>(what.id);
  if (what.status == CommandStatus::kAccepted) {
    row.status = CommandStatus::kAccepted;
    row.sent_at.reset();
    return;
  }
  row.result = what.result;
  end(row, what.status, what.detail);
  if (what.status == CommandStatus::kDone) decided(row);
  if (what.overtaken) overtaken(row);
}

/// Not every gateway tells of a decision by an event as well.
void CommandRules::decided(const Command& command) {
  const std::string decision = decision_of(command);
  if (!decision.empty()) {
    ApprovalRules(draft_, *this, now_)
        .ended(command.target.id, status_of(decision), decision, command.author.name);
  }
}

void CommandRules::overtaken(Command& row) {
  ApprovalRules(draft_, *this, now_).gone(row.target.id);
  const Approval* approval = draft_.peek<Approval>(row.target.id);
  if (approval == nullptr) return;
  std::string how(text(approval->status));
  if (approval->decided_by) how += " by " + *approval->decided_by;
  row.detail = "Something else was faster: " + how + ".";
}

/// The approval may have told before the answer was lost.
std::optional<bool> CommandRules::was_decided_so(const Command& row) const {
  if (row.target.member != "approvalId") return std::nullopt;
  const Approval* approval = draft_.peek<Approval>(row.target.id);
  if (approval == nullptr || !approval->decision) return std::nullopt;
  return decision_of(row) == *approval->decision;
}

void CommandRules::end(Command& row, CommandStatus status, std::string detail) {
  const auto so = status == CommandStatus::kUnknown ? was_decided_so(row) : std::nullopt;
  if (so) {
    status = *so ? CommandStatus::kDone : CommandStatus::kRefused;
    detail = *so ? kSeenSo : kSeenOtherwise;
  }
  row.status = status;
  row.detail = unless_empty(std::move(detail));
  row.ended_at = now_;
  row.letter.reset();
}

void CommandRules::restarted() {
  const auto open =
      draft_.ids_where<Command>([](const Command& row) { return !has_ended(row.status); });
  for (const auto& id : open) {
    const Command& held = *draft_.peek<Command>(id);
    if (held.status == CommandStatus::kSent) {
      end(*draft_.edit<Command>(id), CommandStatus::kUnknown,
          "Control Center was started anew before the answer came.");
    } else if (has_words(held) && !held.letter) {
      end(*draft_.edit<Command>(id), CommandStatus::kExpired,
          "Control Center was started anew before this was sent, and does not keep what is said.");
    }
  }
}

void CommandRules::run_seen(std::string_view run_id) {
  if (run_id.empty()) return;
  const Command* held = draft_.peek<Command>(run_id);
  if (held == nullptr || held->status != CommandStatus::kUnknown) return;
  end(*draft_.edit<Command>(run_id), CommandStatus::kDone, std::string(kSeenSo));
}

const Command* CommandRules::decider(std::string_view approval, std::string_view decision) const {
  const Command* found = nullptr;
  draft_.each<Command>([&](const Command& row) {
    const bool asked = row.status == CommandStatus::kSent || row.status == CommandStatus::kDone ||
                       row.status == CommandStatus::kUnknown;
    if (asked && row.target.id == approval && decision_of(row) == decision) found = &row;
  });
  return found;
}

void CommandRules::approval_ended(std::string_view approval, std::string_view decision) {
  const auto unknown = draft_.ids_where<Command>([&](const Command& row) {
    return row.status == CommandStatus::kUnknown && row.target.id == approval &&
           row.target.member == "approvalId";
  });
  for (const auto& id : unknown) {
    Command& row = *draft_.edit<Command>(id);
    const bool so = !decision.empty() && decision_of(row) == decision;
    end(row, so ? CommandStatus::kDone : CommandStatus::kRefused,
        std::string(so ? kSeenSo : kSeenOtherwise));
  }
}

bool CommandRules::is_late(const Command& row) const {
  const auto* kind = command::find_kind(row.kind);
  const TimeMs waits = kind == nullptr ? 0 : kind->waits.count();
  return row.status == CommandStatus::kAccepted && now_ >= row.created_at + waits;
}

/// Nobody waits for this answer any more, whatever the reason is.
bool CommandRules::is_overdue(const Command& row) const {
  const auto* kind = command::find_kind(row.kind);
  constexpr TimeMs kPatience = 11;  // the link gives a busy gateway ten times its time
  const TimeMs most = kind == nullptr ? 0 : kind->waits.count() + kPatience * kind->answers.count();
  return row.status == CommandStatus::kSent && row.sent_at && now_ >= *row.sent_at + most;
}

/// A session that rests has stopped.
bool CommandRules::is_settled_by_session(const Command& row) const {
  if (row.status != CommandStatus::kUnknown || row.kind != "session.abort") return false;
  const Gateway* gateway = draft_.peek<Gateway>(draft_.gateway_name());
  if (gateway == nullptr || gateway->state != GatewayState::kLive) return false;
  const auto session = draft_.peek<Session>(row.target.id);
  return !session || session->active_runs == 0;
}

bool CommandRules::is_old(const Command& row) const {
  return row.ended_at && now_ >= *row.ended_at + kCommandStays;
}

void CommandRules::time_passed() {
  const auto due = draft_.ids_where<Command>([&](const Command& row) {
    return is_late(row) || is_overdue(row) || is_settled_by_session(row) || is_old(row);
  });
  for (const auto& id : due) time_passed_for(id);
}

void CommandRules::time_passed_for(const std::string& id) {
  Command& row = *draft_.edit<Command>(id);
  if (is_late(row)) {
    end(row, CommandStatus::kExpired, "The gateway could not be asked in time; nothing was sent.");
  }
  if (is_overdue(row)) end(row, CommandStatus::kUnknown, "No answer came.");
  if (is_settled_by_session(row)) {
    end(row, CommandStatus::kDone, "The answer was lost; nothing runs in the session any more.");
  }
  if (is_old(row)) draft_.remove<Command>(id);
}

}  // namespace cc::fleet
