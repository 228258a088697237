#pragma once
// What the plain HTTP endpoints answer of the fleet.

#include <string>

#include "gateway_sim/calls/session_list.h"

namespace cc::sim {

/// The answer of GET /api/agents.
[[nodiscard]] std::string rest_agents(const World& world);

/// `details` of the tools that POST /tools/invoke knows.
[[nodiscard]] std::string tool_sessions(const World& world, const SessionQuery& query);
[[nodiscard]] std::string tool_agents(const World& world);

}  // namespace cc::sim
