#include "gateway/protocol/fates.h"

#include "fleet/rules/command_objection.h"
#include "gateway/protocol/json_object.h"
#include "gateway/protocol/members.h"

namespace cc::gateway::protocol {
namespace {

using fleet::ApprovalStatus;
using fleet::Command;
using fleet::CommandStatus;
using simdjson::dom::element;

constexpr int kMostMessages = 200;
/// All that is looked at of a message is its key.
constexpr int kFewCharacters = 50;
/// What a gateway calls every client without a name.
constexpr std::string_view kNoName = "gateway-client";

Ask ask_for_approval(const Command& command) {
  return {"approval.get",
          object_with([&](JsonWriter& out) { out.field("id", command.target.id); })};
}

Ask ask_for_conversation(const Command& command) {
  return {"chat.history", object_with([&](JsonWriter& out) {
            out.field("sessionKey", command.target.id)
                .field("limit", kMostMessages)
                .field("maxChars", kFewCharacters);
          })};
}

fleet::ApprovalResolved resolved_of(const Members& approval, ApprovalStatus status) {
  fleet::ApprovalResolved resolved{.id = approval.identity_or_empty("id"),
                                   .status = status,
                                   .decision = approval.word("decision"),
                                   .by = {}};
  const auto resolver = approval.object("resolver");
  if (resolver) resolved.by = value_of(resolver->text("id", 128)).value_or("");
  if (resolved.by == kNoName) resolved.by.clear();
  return resolved;
}

std::optional<Fate> fate_of_decision(const Command& command, const Members& payload) {
  const auto approval = payload.object("approval");
  const auto status =
      approval ? fleet::parse<fleet::ApprovalStatus>(approval->word("status")) : std::nullopt;
  if (!status || *status == ApprovalStatus::kPending) return std::nullopt;
  if (approval->identity_or_empty("id") != command.target.id) return std::nullopt;
  Fate fate{.answered = {}, .approval = resolved_of(*approval, *status)};
  const bool so = fate.approval->decision == fleet::decision_of(command);
  fate.answered.status = so ? CommandStatus::kDone : CommandStatus::kRefused;
  fate.answered.detail = so ? "The answer was lost; the gateway says that it was decided so."
                            : "The answer was lost; the gateway says that it ended otherwise: " +
                                  std::string(text(*status)) + ".";
  return fate;
}

/// The row of a message has the key that came with it.
std::optional<Fate> fate_of_message(const Command& command, const Members& payload) {
  const auto messages = payload.array("messages");
  if (!messages) return std::nullopt;
  const std::string key = command.id + ":user";
  for (const auto value : *messages) {
    const auto message = Members::of(value, payload.skipped());
    if (!message || message->word("idempotencyKey") != key) continue;
    Fate fate;
    fate.answered.detail = "The answer was lost; the message is in the conversation.";
    return fate;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Ask> ask_for_fate(const Command& command, int protocol) {
  if (protocol < 4) return std::nullopt;
  if (command.kind == "approval.decide") return ask_for_approval(command);
  if (command.kind == "session.send") return ask_for_conversation(command);
  return std::nullopt;
}

std::optional<Fate> read_fate(const Command& command, element payload) {
  Skipped skipped;
  const auto members = Members::of(payload, skipped);
  if (!members) return std::nullopt;
  if (command.kind == "approval.decide") return fate_of_decision(command, *members);
  if (command.kind == "session.send") return fate_of_message(command, *members);
  return std::nullopt;
}

}  // namespace cc::gateway::protocol
