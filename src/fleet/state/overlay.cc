#include "fleet/state/overlay.h"

namespace cc::fleet {

template <class Row>
void Overlay::put(Changed<Row>& into, const Changes<Row>& changes) {
  for (const auto& row : changes.liveness) into.insert_or_assign(row->identity(), row);
  for (const auto& row : changes.upsert) into.insert_or_assign(row->identity(), row);
  for (const auto& id : changes.remove) into.insert_or_assign(id, HeldPointer<Row>());
}

void Overlay::apply(std::shared_ptr<ChangeSet> changes) {
  Layer& layer = layers_[changes->gateway];
  if (!changes->gateways.remove.empty()) {
    layer = Layer{};
    layer.hides_base = true;
  } else {
    each_kind([&]<class Row>(Tag<Row> tag) { put(KindOf<Row>::in(layer), changes->of(tag)); });
    put(layer.runs, changes->runs);
  }
  applied_.push_back(std::move(changes));
}

const Overlay::Layer* Overlay::layer(std::string_view gateway) const {
  const auto found = layers_.find(gateway);
  return found == layers_.end() ? nullptr : &found->second;
}

template <class Row, class Below>
Seen<Row> Overlay::find_above(std::string_view gateway, std::string_view id,
                              const Below& below) const {
  const Layer* own = layer(gateway);
  if (own == nullptr) return below();
  const auto& changed = KindOf<Row>::in(*own);
  const auto found = changed.find(id);
  if (found != changed.end()) return see<Row>(found->second);
  return own->hides_base ? Seen<Row>() : below();
}

const Gateway* Overlay::gateway(std::string_view name) const {
  return find_above<Gateway>(name, name, [&] { return base_.gateway(name); });
}

template <class Row>
Seen<Row> Overlay::find(std::string_view gateway, std::string_view id) const {
  return find_above<Row>(gateway, id, [&] { return base_.find<Row>(gateway, id); });
}

template <class Row>
void Overlay::each(std::string_view gateway,
                   const std::function<void(const Fields<Row>&)>& visit) const {
  const Layer* own = layer(gateway);
  if (own == nullptr) return base_.each<Row>(gateway, visit);
  const auto& changed = KindOf<Row>::in(*own);
  if (!own->hides_base) {
    base_.each<Row>(gateway, [&](const Fields<Row>& row) {
      if (!changed.contains(row.identity())) visit(row);
    });
  }
  for (const auto& [id, row] : changed) {
    if (row) visit(fields_of(*row));
  }
}

#define OWNER(...)
#define KIND(tag, ...)                                                             \
  template Seen<tag> Overlay::find<tag>(std::string_view, std::string_view) const; \
  template void Overlay::each<tag>(std::string_view,                               \
                                   const std::function<void(const Fields<tag>&)>&) const;
#include "fleet/rows/kinds.def"
template Seen<AgentRuns> Overlay::find<AgentRuns>(std::string_view, std::string_view) const;
template void Overlay::each<AgentRuns>(std::string_view,
                                       const std::function<void(const AgentRuns&)>&) const;

std::size_t Overlay::session_count(std::string_view gateway) const {
  const Layer* own = layer(gateway);
  if (own == nullptr) return base_.session_count(gateway);
  std::size_t count = own->hides_base ? 0 : base_.session_count(gateway);
  for (const auto& [key, row] : own->sessions) {
    const bool shows_below = !own->hides_base && base_.find<Session>(gateway, key);
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

}  // namespace cc::fleet
