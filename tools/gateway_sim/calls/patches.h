#pragma once
// The changes that a client's parameters, or a tester's order, ask for.

#include "gateway_sim/door/params.h"
#include "gateway_sim/story/director.h"

namespace cc::sim {

[[nodiscard]] inline AgentPatch agent_patch(const boost::json::object& params) {
  return {maybe_text(params, "name"), maybe_text(params, "emoji"), maybe_text(params, "model"),
          maybe_text(params, "workspace")};
}

[[nodiscard]] inline SessionPatch session_patch(const boost::json::object& params) {
  SessionPatch patch{{}, maybe_text(params, "model"), {}};
  if (params.contains("label")) patch.label = text_of(params, "label");
  if (params.contains("archived")) patch.archived = truth_of(params, "archived");
  return patch;
}

}  // namespace cc::sim
