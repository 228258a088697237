#include "fleet/fleet.h"

namespace cc::fleet {
namespace {

// A touched row was copied before the change that came ahead of it in the same batch had its
// number.
template <class Row>
void take_version(Held<Row>& touched, const Seen<Row>& held) {
  if constexpr (requires { held->version; }) {
    if (held) set_version(touched, held->version);
  }
}

template <class Row>
void apply_group(Fleet::Rows<Row>& rows, const Changes<Row>& changes) {
  for (const auto& row : changes.touch) {
    if (const auto* held = rows.find(row->identity())) take_version<Row>(*row, see<Row>(*held));
    rows.put(row);
  }
  for (const auto& row : changes.upsert) rows.put(row);
  for (const auto& id : changes.remove) rows.erase(id);
  rows.settle();
}

template <class Row>
Seen<Row> find(const Fleet::Shard* shard, Fleet::Rows<Row> Fleet::Shard::* rows,
               std::string_view id) {
  const auto* found = shard == nullptr ? nullptr : (shard->*rows).find(id);
  return found == nullptr ? Seen<Row>() : see<Row>(*found);
}

template <class Row>
void each(const Fleet::Shard* shard, Fleet::Rows<Row> Fleet::Shard::* rows,
          const std::function<void(const Fields<Row>&)>& visit) {
  if (shard == nullptr) return;
  for (const auto& row : shard->*rows) visit(fields_of(*row));
}

}  // namespace

void Fleet::apply(const ChangeSet& changes) {
  if (!changes.gateways.remove.empty()) {
    shards_.erase(changes.gateway);
    return;
  }
  Shard& shard = shards_[changes.gateway];
  for (const auto& row : changes.gateways.touch) {
    take_version<Gateway>(*row, shard.gateway.get());
    shard.gateway = row;
  }
  for (const auto& row : changes.gateways.upsert) shard.gateway = row;
  apply_group(shard.agents, changes.agents);
  apply_group(shard.sessions, changes.sessions);
  apply_group(shard.presence, changes.presence);
  apply_group(shard.runs, changes.runs);
}

void Fleet::put(std::shared_ptr<const Gateway> row) {
  Shard& shard = obtain_shard(row->name);
  shard.gateway = std::move(row);
}

void Fleet::put(std::shared_ptr<const Agent> row) {
  auto& rows = obtain_shard(row->gateway).agents;
  rows.put(std::move(row));
}

void Fleet::put(PackedSession::Pointer row) {
  auto& rows = obtain_shard(row->gateway()).sessions;
  rows.put(std::move(row));
}

void Fleet::put(std::shared_ptr<const Presence> row) {
  auto& rows = obtain_shard(row->gateway).presence;
  rows.put(std::move(row));
}

void Fleet::expect_sessions(std::string_view gateway, std::size_t sessions) {
  obtain_shard(gateway).sessions.reserve(sessions);
}

Fleet::Shard& Fleet::obtain_shard(std::string_view gateway) {
  const auto found = shards_.find(gateway);
  return found != shards_.end() ? found->second : shards_[std::string(gateway)];
}

void Fleet::settle() {
  for (auto& [name, shard] : shards_) {
    shard.agents.settle();
    shard.sessions.settle();
    shard.presence.settle();
  }
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

Seen<Session> Fleet::session(std::string_view gateway, std::string_view key) const {
  return find(shard(gateway), &Shard::sessions, key);
}

const Presence* Fleet::presence(std::string_view gateway, std::string_view id) const {
  return find(shard(gateway), &Shard::presence, id);
}

const AgentRuns* Fleet::runs(std::string_view gateway, std::string_view agent_id) const {
  return find(shard(gateway), &Shard::runs, agent_id);
}

std::size_t Fleet::session_count(std::string_view gateway) const {
  const Shard* held = shard(gateway);
  return held == nullptr ? 0 : held->sessions.size();
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
                         const std::function<void(const SessionView&)>& visit) const {
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
