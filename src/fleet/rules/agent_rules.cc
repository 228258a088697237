#include "fleet/rules/agent_rules.h"

#include <algorithm>

#include "fleet/row_rules.h"

namespace cc::fleet {

Agent& AgentRules::obtain(const std::string& id) {
  const bool is_new = context_.draft.peek<Agent>(id) == nullptr;
  Agent& row = context_.draft.obtain<Agent>(id);
  if (is_new) {
    row.status_since = context_.seen.at;
    any_is_new_ = true;
  }
  if (is_new || context_.seen.source == Source::kWs) row.source = context_.seen.source;
  return row;
}

void AgentRules::listed(const AgentList& list) {
  TextMap<bool> listed;
  for (const auto& patch : list.agents) {
    listed.try_emplace(patch.id, true);
    Agent& row = obtain(patch.id);
    apply(row, patch, true);
    if (list.default_id) row.is_default = patch.id == *list.default_id;
    context_.changed.mark_changed(patch.id);
  }
  remove_unlisted<Agent>(context_.draft, listed, [](const Agent&) { return true; });
}

void AgentRules::configured(const AgentPatch& patch) {
  // A list of agents is bounded by its frame. Events could bring one after the other.
  if (context_.draft.usage().exceeds(kTooMuch)) return context_.draft.leave_out();
  apply(obtain(patch.id), patch, false);
  count_sessions();
  context_.changed.mark_changed(patch.id);
}

void AgentRules::add_sessions(std::optional<std::string_view> agent_id, std::int64_t by) {
  Agent* row = agent_id ? context_.draft.edit<Agent>(*agent_id) : nullptr;
  if (row != nullptr) row->sessions += by;
}

void AgentRules::note_activity(const SessionView& row, bool is_earlier) {
  const Agent* agent = row.agent_id ? context_.draft.peek<Agent>(*row.agent_id) : nullptr;
  if (agent == nullptr || !row.updated_at) return;
  if (is_earlier || *row.updated_at > agent->last_active_at.value_or(0)) {
    context_.draft.edit<Agent>(*row.agent_id)->last_active_at = row.updated_at;
  }
}

void AgentRules::note_activity_anew() {
  TextMap<TimeMs> latest;
  context_.draft.each<Session>([&](const SessionView& row) {
    if (!row.agent_id || !row.updated_at) return;
    const auto found = latest.find(*row.agent_id);
    if (found == latest.end()) {
      latest.emplace(std::string(*row.agent_id), *row.updated_at);
    } else {
      found->second = std::max(found->second, *row.updated_at);
    }
  });
  for (const auto& [id, at] : latest) {
    const Agent* agent = context_.draft.peek<Agent>(id);
    if (agent != nullptr && agent->last_active_at != at) {
      context_.draft.edit<Agent>(id)->last_active_at = at;
    }
  }
}

void AgentRules::count_sessions() {
  if (any_is_new_) count_sessions_anew();
}

void AgentRules::count_sessions_anew() {
  TextMap<std::int64_t> counts;
  context_.draft.each<Session>([&](const SessionView& row) {
    if (!row.agent_id) return;
    const auto found = counts.find(*row.agent_id);
    found != counts.end() ? ++found->second : ++counts[std::string(*row.agent_id)];
  });
  std::vector<std::pair<std::string, std::int64_t>> wrong;
  context_.draft.each<Agent>([&](const Agent& row) {
    const auto found = counts.find(row.id);
    const std::int64_t count = found == counts.end() ? 0 : found->second;
    if (row.sessions != count) wrong.emplace_back(row.id, count);
  });
  for (const auto& [id, count] : wrong) context_.draft.edit<Agent>(id)->sessions = count;
}

}  // namespace cc::fleet
