#include "fleet/fleet.h"

namespace cc::fleet {
namespace {

// A touched row was copied before the change that came ahead of it in the same batch had its
// number.
template <class Row>
void take_version(Row& touched, const Row* held) {
  if constexpr (requires { touched.version; }) {
    if (held != nullptr) touched.version = held->version;
  }
}

template <class Row>
void apply_group(Fleet::Rows<Row>& rows, const Changes<Row>& changes) {
  for (const auto& row : changes.touch) {
    if (const auto* held = rows.find(row->identity())) take_version(*row, held->get());
    rows.put(row);
  }
  for (const auto& row : changes.upsert) rows.put(row);
  for (const auto& id : changes.remove) rows.erase(id);
}

template <class Row>
const Row* find(const Fleet::Shard* shard, Fleet::Rows<Row> Fleet::Shard::* rows,
                std::string_view id) {
  if (shard == nullptr) return nullptr;
  const auto* found = (shard->*rows).find(id);
  return found == nullptr ? nullptr : found->get();
}

template <class Row>
void each(const Fleet::Shard* shard, Fleet::Rows<Row> Fleet::Shard::* rows,
          const std::function<void(const Row&)>& visit) {
  if (shard == nullptr) return;
  for (const auto& row : shard->*rows) visit(*row);
}

}  // namespace

void Fleet::apply(const ChangeSet& changes) {
  if (!changes.gateways.remove.empty()) {
    shards_.erase(changes.gateway);
    return;
  }
  Shard& shard = shards_[changes.gateway];
  for (const auto& row : changes.gateways.touch) {
    take_version(*row, shard.gateway.get());
    shard.gateway = row;
  }
  for (const auto& row : changes.gateways.upsert) shard.gateway = row;
  apply_group(shard.agents, changes.agents);
  apply_group(shard.sessions, changes.sessions);
  apply_group(shard.presence, changes.presence);
  apply_group(shard.runs, changes.runs);
}

void Fleet::put(std::shared_ptr<const Gateway> row) {
  Shard& shard = shards_[row->name];
  shard.gateway = std::move(row);
}

void Fleet::put(std::shared_ptr<const Agent> row) {
  auto& rows = shards_[row->gateway].agents;
  rows.put(std::move(row));
}

void Fleet::put(std::shared_ptr<const Session> row) {
  auto& rows = shards_[row->gateway].sessions;
  rows.put(std::move(row));
}

void Fleet::put(std::shared_ptr<const Presence> row) {
  auto& rows = shards_[row->gateway].presence;
  rows.put(std::move(row));
}

const Fleet::Shard* Fleet::shard(std::string_view gateway) const {
  const auto found = shards_.find(gateway);
  return found == shards_.end() ? nullptr : &found->second;
}

const Gateway* Fleet::gateway(std::string_view name) const {
  const Shard* held = shard(name);
  return held == nullptr ? nullptr : held->gateway.get();
}

const Agent* Fleet::agent(std::string_view gateway, std::string_view id) const {
  return find(shard(gateway), &Shard::agents, id);
}

const Session* Fleet::session(std::string_view gateway, std::string_view key) const {
  return find(shard(gateway), &Shard::sessions, key);
}

const Presence* Fleet::presence(std::string_view gateway, std::string_view id) const {
  return find(shard(gateway), &Shard::presence, id);
}

const AgentRuns* Fleet::runs(std::string_view gateway, std::string_view agent_id) const {
  return find(shard(gateway), &Shard::runs, agent_id);
}

void Fleet::each_gateway(const std::function<void(const Gateway&)>& visit) const {
  for (const auto& [name, shard] : shards_) {
    if (shard.gateway) visit(*shard.gateway);
  }
}

void Fleet::each_agent(std::string_view gateway,
                       const std::function<void(const Agent&)>& visit) const {
  each(shard(gateway), &Shard::agents, visit);
}

void Fleet::each_session(std::string_view gateway,
                         const std::function<void(const Session&)>& visit) const {
  each(shard(gateway), &Shard::sessions, visit);
}

void Fleet::each_presence(std::string_view gateway,
                          const std::function<void(const Presence&)>& visit) const {
  each(shard(gateway), &Shard::presence, visit);
}

void Fleet::each_runs(std::string_view gateway,
                      const std::function<void(const AgentRuns&)>& visit) const {
  each(shard(gateway), &Shard::runs, visit);
}

}  // namespace cc::fleet
