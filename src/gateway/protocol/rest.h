#pragma once
// What a REST answer means: `/api/agents`, and what a stock gateway has instead
// (docs/protocol/gateway.md, "HTTP fall-back"). Pure.

#include <string_view>
#include <vector>

#include "base/result.h"
#include "fleet/observation.h"

namespace cc::gateway::protocol {

/// What keeps an answer from being read, as a phrase such as "in the encoding gzip, which was not
/// asked for"; empty where nothing does. `encoding` is what its head says.
[[nodiscard]] std::string form_fault(std::string_view encoding, std::string_view body);

/// `[…]` or `{"agents":[…]}`. kInvalid: it is neither (an HTML page, an error object). Then no
/// agent leaves because of it. A byte-order mark ahead of it is skipped. Rows without a usable id
/// are left out and counted in `skipped`.
[[nodiscard]] Result<std::vector<fleet::AgentPatch>> read_agents_answer(
    std::string_view body, std::vector<std::string_view>& skipped);

/// Whether an answer says that nobody provides `/api/agents` here: 404, or a page for people.
[[nodiscard]] bool is_no_endpoint(int status, std::string_view body);

/// Any word for a status → ours: the words of an agent's `status`, and online, active, busy,
/// running, down, … ; an unknown word is `unknown`, none at all is `idle`.
[[nodiscard]] fleet::AgentStatus status_of_word(std::string_view word);

struct ToolsAnswer {
  std::vector<fleet::AgentPatch> agents;
  fleet::SessionList sessions;
};
/// `POST /tools/invoke` with `sessions_list`: the sessions, and an agent for each agentId among
/// them.
[[nodiscard]] Result<ToolsAnswer> read_sessions_tool(std::string_view body,
                                                     std::vector<std::string_view>& skipped);
/// `POST /tools/invoke` with `agents_list`: the agents.
[[nodiscard]] Result<std::vector<fleet::AgentPatch>> read_agents_tool(
    std::string_view body, std::vector<std::string_view>& skipped);

}  // namespace cc::gateway::protocol
