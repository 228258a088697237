#include "fleet/rules/command_objection.h"

#include <algorithm>

#include <simdjson.h>

namespace cc::fleet {
namespace {

using Found = std::optional<Objection>;

Found missing(std::string_view what) {
  return Objection{Objection::Kind::kMissing, "There is no such " + std::string(what) + "."};
}
Found moved(std::string detail) {
  return Objection{Objection::Kind::kMoved, std::move(detail)};
}

std::string how_it_ended(const Approval& row) {
  std::string how(text(row.status));
  if (row.decision) how += " (" + *row.decision + ")";
  if (row.decided_by) how += " by " + *row.decided_by;
  return "This is over already: " + how + ".";
}

/// Somebody whose decision on the same approval is on its way.
const Command* rival_of(const Overlay& view, const Command& command) {
  const Command* rival = nullptr;
  view.each<Command>(command.gateway, [&](const Command& other) {
    if (has_ended(other.status) || other.target != command.target) return;
    if (!decision_of(other).empty()) rival = &other;
  });
  return rival;
}

Found object_to_decision(const Overlay& view, const Command& command) {
  const Approval* row = view.find<Approval>(command.gateway, command.target.id);
  if (row == nullptr) return missing("approval");
  if (row->status != ApprovalStatus::kPending) return moved(how_it_ended(*row));
  const std::string decision = decision_of(command);
  if (std::ranges::find(row->decisions, decision) == row->decisions.end()) {
    return moved("The gateway does not offer to decide `" + decision + "` here.");
  }
  if (const Command* rival = rival_of(view, command)) {
    return moved("A decision of " + rival->author.name + " is on its way.");
  }
  return std::nullopt;
}

/// A gateway takes the next message as the answer to a question that waits in the session.
Found object_to_message(const Overlay& view, const Command& command) {
  bool waits = false;
  view.each<Approval>(command.gateway, [&](const Approval& row) {
    waits = waits || (row.kind == ApprovalKind::kQuestion && row.session_key == command.target.id &&
                      row.status == ApprovalStatus::kPending);
  });
  if (!waits) return std::nullopt;
  return moved(
      "A question waits in this session, and the gateway would take this as its answer: answer or "
      "cancel it first.");
}

/// Rows that move only when somebody changes them.
template <class Row>
Found object_to_change(const Overlay& view, const Command& command, std::optional<Seq> expected,
                       std::string_view what) {
  const auto row = view.find<Row>(command.gateway, command.target.id);
  if (!row) return missing(what);
  if (expected && *expected != row->version) return moved("It has changed since you saw it.");
  return std::nullopt;
}

}  // namespace

std::string decision_of(const Command& command) {
  if (command.kind == "question.answer") return "answer";
  if (command.kind == "question.cancel") return "cancel";
  if (command.kind != "approval.decide") return {};
  simdjson::dom::parser parser;
  std::string_view decision;
  const auto& json = command.params.json;
  const auto read = parser.parse(json.data(), json.size())["decision"].get(decision);
  return read == simdjson::SUCCESS ? std::string(decision) : std::string();
}

Found objection(const Overlay& view, const Command& command, std::optional<Seq> expected) {
  const auto& member = command.target.member;
  if (view.gateway(command.gateway) == nullptr) return missing("gateway");
  if (member == "approvalId") return object_to_decision(view, command);
  if (member == "sessionKey") {
    auto missed = object_to_change<Session>(view, command, std::nullopt, "session");
    return missed || command.kind != "session.send" ? missed : object_to_message(view, command);
  }
  if (member == "agentId") return object_to_change<Agent>(view, command, expected, "agent");
  if (member == "jobId") return object_to_change<CronJob>(view, command, expected, "job");
  return std::nullopt;
}

}  // namespace cc::fleet
