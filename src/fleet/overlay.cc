#include "fleet/overlay.h"

namespace cc::fleet {

template <class Row>
void Overlay::put(Changed<Row>& into, const Changes<Row>& changes) {
  for (const auto& row : changes.touch) into.insert_or_assign(row->identity(), row);
  for (const auto& row : changes.upsert) into.insert_or_assign(row->identity(), row);
  for (const auto& id : changes.remove) into.insert_or_assign(id, HeldPointer<Row>());
}

void Overlay::apply(std::shared_ptr<ChangeSet> changes) {
  Layer& layer = layers_[changes->gateway];
  if (!changes->gateways.remove.empty()) {
    layer = Layer{};
    layer.hides_base = true;
  } else {
    put(layer.gateways, changes->gateways);
    put(layer.agents, changes->agents);
    put(layer.sessions, changes->sessions);
    put(layer.presence, changes->presence);
    put(layer.runs, changes->runs);
  }
  applied_.push_back(std::move(changes));
}

const Overlay::Layer* Overlay::layer(std::string_view gateway) const {
  const auto found = layers_.find(gateway);
  return found == layers_.end() ? nullptr : &found->second;
}

template <class Row, class Below>
Seen<Row> Overlay::find(std::string_view gateway, std::string_view id,
                        Changed<Row> Layer::* changed, const Below& below) const {
  const Layer* own = layer(gateway);
  if (own == nullptr) return below();
  const auto found = (own->*changed).find(id);
  if (found != (own->*changed).end()) return see<Row>(found->second);
  return own->hides_base ? Seen<Row>() : below();
}

template <class Row>
void Overlay::each(std::string_view gateway, Changed<Row> Layer::* changed,
                   Fleet::Rows<Row> Fleet::Shard::* rows,
                   const std::function<void(const Fields<Row>&)>& visit) const {
  const Layer* own = layer(gateway);
  const Fleet::Shard* below = base_.shard(gateway);
  if (below != nullptr && !(own != nullptr && own->hides_base)) {
    for (const auto& row : below->*rows) {
      if (own == nullptr || !(own->*changed).contains(row->identity())) {
        visit(fields_of(*row));
      }
    }
  }
  if (own == nullptr) return;
  for (const auto& [id, row] : own->*changed) {
    if (row) visit(fields_of(*row));
  }
}

const Gateway* Overlay::gateway(std::string_view name) const {
  return find<Gateway>(name, name, &Layer::gateways, [&] { return base_.gateway(name); });
}

const Agent* Overlay::agent(std::string_view gateway, std::string_view id) const {
  return find<Agent>(gateway, id, &Layer::agents, [&] { return base_.agent(gateway, id); });
}

Seen<Session> Overlay::session(std::string_view gateway, std::string_view key) const {
  return find<Session>(gateway, key, &Layer::sessions, [&] { return base_.session(gateway, key); });
}

const Presence* Overlay::presence(std::string_view gateway, std::string_view id) const {
  return find<Presence>(gateway, id, &Layer::presence, [&] { return base_.presence(gateway, id); });
}

const AgentRuns* Overlay::runs(std::string_view gateway, std::string_view agent_id) const {
  return find<AgentRuns>(gateway, agent_id, &Layer::runs,
                         [&] { return base_.runs(gateway, agent_id); });
}

std::size_t Overlay::session_count(std::string_view gateway) const {
  const Layer* own = layer(gateway);
  if (own == nullptr) return base_.session_count(gateway);
  std::size_t count = own->hides_base ? 0 : base_.session_count(gateway);
  for (const auto& [key, row] : own->sessions) {
    const bool shows_below = !own->hides_base && base_.session(gateway, key);
    count += row && !shows_below ? 1U : 0U;
    count -= !row && shows_below ? 1U : 0U;
  }
  return count;
}

void Overlay::each_gateway(const std::function<void(const Gateway&)>& visit) const {
  for (const auto& [name, shard] : base_.shards()) {
    if (const Gateway* row = gateway(name)) visit(*row);
  }
  for (const auto& [name, own] : layers_) {
    if (base_.gateway(name) != nullptr) continue;
    if (const Gateway* row = gateway(name)) visit(*row);
  }
}

void Overlay::each_agent(std::string_view gateway,
                         const std::function<void(const Agent&)>& visit) const {
  each<Agent>(gateway, &Layer::agents, &Fleet::Shard::agents, visit);
}

void Overlay::each_session(std::string_view gateway,
                           const std::function<void(const SessionView&)>& visit) const {
  each<Session>(gateway, &Layer::sessions, &Fleet::Shard::sessions, visit);
}

void Overlay::each_presence(std::string_view gateway,
                            const std::function<void(const Presence&)>& visit) const {
  each<Presence>(gateway, &Layer::presence, &Fleet::Shard::presence, visit);
}

void Overlay::each_runs(std::string_view gateway,
                        const std::function<void(const AgentRuns&)>& visit) const {
  each<AgentRuns>(gateway, &Layer::runs, &Fleet::Shard::runs, visit);
}

}  // namespace cc::fleet
