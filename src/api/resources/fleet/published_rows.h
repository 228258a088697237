#pragma once
// Rows out of the published fleet. Under its lock pointers are copied, or a page is picked; rows
// are looked at and encoded afterwards. To take a share in 50,000 sessions takes 0.4 ms.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/query/field.h"
#include "base/json_writer.h"
#include "fleet/rows/codec.h"
#include "fleet/state/published.h"

namespace cc::api {

inline bool speaks(const fleet::Fleet::Shard& shard) {
  return shard.gateway != nullptr && fleet::speaks(shard.gateway->state);
}

/// Every row of a kind, in no order.
template <class Row>
std::vector<Taken<Row>> take_all(const fleet::Fleet& fleet) {
  std::vector<Taken<Row>> taken;
  for (const auto& [name, shard] : fleet.shards()) {
    if constexpr (std::is_same_v<Row, fleet::Gateway>) {
      if (shard.gateway) taken.push_back({shard.gateway, speaks(shard)});
    } else {
      const auto& rows = fleet::KindOf<Row>::in(shard);
      taken.reserve(taken.size() + rows.size());
      for (const auto& row : rows) taken.push_back({row, speaks(shard)});
    }
  }
  return taken;
}

/// The rows in place, gateway by gateway. Valid while the fleet's lock is held.
template <class Row>
std::vector<Standing<Row>> all_standing(const fleet::Fleet& fleet) {
  std::vector<Standing<Row>> standing;
  for (const auto& [name, shard] : fleet.shards()) {
    if constexpr (std::is_same_v<Row, fleet::Gateway>) {
      if (shard.gateway) standing.push_back({{&shard.gateway, 1}, speaks(shard), {}, {}});
    } else {
      const auto& rows = fleet::KindOf<Row>::in(shard);
      standing.push_back({rows.rows(), speaks(shard), rows.order(), rows.times()});
    }
  }
  return standing;
}

/// Rows of one gateway, kept whatever becomes of the fleet.
template <class Row>
struct Group {
  std::vector<fleet::HeldPointer<Row>> rows;
  bool gateway_speaks = false;
};

template <class Row>
std::vector<Group<Row>> collect(const std::vector<Standing<Row>>& standing) {
  std::vector<Group<Row>> groups;
  for (const auto& [rows, speaks, order, times] : standing) {
    groups.push_back({{rows.begin(), rows.end()}, speaks});
  }
  return groups;
}

/// Good as long as the groups are.
template <class Row>
std::vector<Standing<Row>> standing_in(const std::vector<Group<Row>>& groups) {
  std::vector<Standing<Row>> standing;
  for (const auto& [rows, speaks] : groups) standing.push_back({rows, speaks, {}, {}});
  return standing;
}

template <class Row>
std::optional<Taken<Row>> take_one(const fleet::Fleet& fleet, std::string_view gateway,
                                   std::string_view id) {
  const auto* shard = fleet.shard(gateway);
  if (shard == nullptr) return std::nullopt;
  const auto& rows = fleet::KindOf<Row>::in(*shard);
  const auto* found = rows.find(id);
  if (found == nullptr) return std::nullopt;
  return Taken<Row>{*found, speaks(*shard)};
}

/// The id of a command is drawn once for all gateways.
inline std::optional<Taken<fleet::Command>> take_command(const fleet::Fleet& fleet,
                                                         std::string_view id) {
  for (const auto& [name, shard] : fleet.shards()) {
    if (auto taken = take_one<fleet::Command>(fleet, name, id)) return taken;
  }
  return std::nullopt;
}

template <class Row>
void encode_taken(JsonWriter& out, const Taken<Row>& taken) {
  fleet::encode<Row>(out, fleet::fields_of(*taken.row), taken.gateway_speaks);
}

template <class Row>
void write_rows(JsonWriter& out, std::string_view name, const std::vector<Taken<Row>>& rows) {
  out.key(name).begin_array();
  for (const auto& taken : rows) encode_taken(out, taken);
  out.end_array();
}

}  // namespace cc::api
