#pragma once
// Which agents a change set names. journal/mentions.h reads the same out of an entry.

#include <optional>
#include <string_view>
#include <vector>

#include "fleet/change_set.h"

namespace cc::fleet {

/// The agent that a gateway's key names (`agent:ID:…`), a view into it; empty where it names none.
/// What is left to go by once a session's row is gone.
[[nodiscard]] std::optional<std::string_view> agent_in_key(std::string_view session_key);

/// The agents in what is journaled: those named, and those of named sessions. Each once, in order.
/// Views into `changes`.
[[nodiscard]] std::vector<std::string_view> mentioned_agents(const ChangeSet& changes);

}  // namespace cc::fleet
