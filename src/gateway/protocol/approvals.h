#pragma once
// What agents ask of persons, as gateways tell it: approvals of programs and of plugins, and
// questions (docs/protocol/gateway.md, "Approvals"). Events and lists have the same rows.

#include "fleet/observation.h"
#include "gateway/protocol/events.h"

namespace cc::gateway::protocol {

/// Longer commands are cut, and then only a refusal is offered: nobody can judge what is not shown.
inline constexpr std::size_t kMostCommandBytes = 128UL * 1024;

/// Whether an approval is asked for by a plugin, which its id alone tells on protocol 3.
[[nodiscard]] inline bool is_of_plugin(std::string_view id) {
  return id.starts_with("plugin:");
}

void read_approval_requested(const EventContext& context, const Members& payload);
void read_approval_resolved(const EventContext& context, const Members& payload);
void read_question_requested(const EventContext& context, const Members& payload);
void read_question_resolved(const EventContext& context, const Members& payload);

/// The answer of exec.approval.list or plugin.approval.list: an array.
[[nodiscard]] Result<std::vector<fleet::ApprovalPatch>> read_approvals(
    simdjson::dom::element payload, Skipped& skipped);
/// The answer of question.list: {"questions":[…]}.
[[nodiscard]] Result<std::vector<fleet::ApprovalPatch>> read_questions(
    simdjson::dom::element payload, Skipped& skipped);

}  // namespace cc::gateway::protocol
