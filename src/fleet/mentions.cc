#include "fleet/mentions.h"

#include <algorithm>

namespace cc::fleet {

std::optional<std::string_view> agent_in_key(std::string_view session_key) {
  constexpr std::string_view kPrefix = "agent:";
  if (!session_key.starts_with(kPrefix)) return std::nullopt;
  session_key.remove_prefix(kPrefix.size());
  const auto end = session_key.find(':');
  if (end == std::string_view::npos) return std::nullopt;
  return session_key.substr(0, end);
}

std::vector<std::string_view> mentioned_agents(const ChangeSet& changes) {
  std::vector<std::string_view> agents;
  const auto keep = [&](std::string_view agent) {
    if (!agent.empty()) agents.push_back(agent);
  };
  for (const auto& row : changes.agents.upsert) keep(row->id);
  for (const auto& id : changes.agents.remove) keep(id);
  for (const auto& row : changes.sessions.upsert) {
    keep(row->agent_id() ? *row->agent_id() : agent_in_key(row->key()).value_or(""));
  }
  for (const auto& key : changes.sessions.remove) keep(agent_in_key(key).value_or(""));
  std::ranges::sort(agents);
  const auto repeated = std::ranges::unique(agents);
  agents.erase(repeated.begin(), repeated.end());
  return agents;
}

}  // namespace cc::fleet
