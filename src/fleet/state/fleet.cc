#include "fleet/state/fleet.h"

namespace cc::fleet {
namespace {

// A row that is alive was copied before the change that came ahead of it in the same batch had its
// number.
template <class Row>
void take_version(Held<Row>& alive, const Seen<Row>& held) {
  if constexpr (requires { held->version; }) {
    if (held) set_version(alive, held->version);
  }
}

template <class Row>
void apply_group(Fleet::Rows<Row>& rows, const Changes<Row>& changes) {
  for (const auto& row : changes.liveness) {
    if (const auto* held = rows.find(row->identity())) take_version<Row>(*row, see<Row>(*held));
    rows.put(row);
  }
  for (const auto& row : changes.upsert) rows.put(row);
  for (const auto& id : changes.remove) rows.erase(id);
  rows.restore_order();
}

}  // namespace

void Fleet::apply(const ChangeSet& changes) {
  if (!changes.gateways.remove.empty()) {
    shards_.erase(changes.gateway);
    return;
  }
  Shard& shard = shards_[changes.gateway];
  for (const auto& row : changes.gateways.liveness) {
    take_version<Gateway>(*row, shard.gateway.get());
    shard.gateway = row;
  }
  for (const auto& row : changes.gateways.upsert) shard.gateway = row;
  each_owned_kind(
      [&]<class Row>(Tag<Row> tag) { apply_group(KindOf<Row>::in(shard), changes.of(tag)); });
  apply_group(shard.runs, changes.runs);
}

template <class Row>
void Fleet::put_in(HeldPointer<Row> row) {
  Shard& shard = obtain_shard(gateway_of(*row));
  if constexpr (std::is_same_v<Row, Gateway>) {
    shard.gateway = std::move(row);
  } else {
    KindOf<Row>::in(shard).put(std::move(row));
  }
}
#define KIND(tag, ...)                    \
  void Fleet::put(HeldPointer<tag> row) { \
    put_in<tag>(std::move(row));          \
  }
#include "fleet/rows/kinds.def"

void Fleet::expect_sessions(std::string_view gateway, std::size_t sessions) {
  obtain_shard(gateway).sessions.reserve(sessions);
}

Fleet::Shard& Fleet::obtain_shard(std::string_view gateway) {
  const auto found = shards_.find(gateway);
  return found != shards_.end() ? found->second : shards_[std::string(gateway)];
}

void Fleet::restore_order() {
  for (auto& held : shards_) {
    Shard& shard = held.second;
    each_owned_kind([&]<class Row>(Tag<Row>) { KindOf<Row>::in(shard).restore_order(); });
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

std::size_t Fleet::session_count(std::string_view gateway) const {
  const Shard* held = shard(gateway);
  return held == nullptr ? 0 : held->sessions.size();
}

Usage Fleet::Shard::usage() const {
  Usage usage{.rows = 0, .bytes = 0, .run_bytes = runs.bytes()};
  each_owned_kind([&]<class Row>(Tag<Row>) {
    usage.rows += of<Row>().size();
    usage.bytes += of<Row>().bytes();
  });
  return usage;
}

Usage Fleet::usage(std::string_view gateway) const {
  const Shard* held = shard(gateway);
  return held == nullptr ? Usage() : held->usage();
}

void Fleet::each_gateway(const std::function<void(const Gateway&)>& visit) const {
  for (const auto& [name, shard] : shards_) {
    if (shard.gateway) visit(*shard.gateway);
  }
}

}  // namespace cc::fleet
