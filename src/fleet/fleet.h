#pragma once
// The fleet in memory: every row, by gateway and identity. A container, without rules: those are in
// merge.h.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "fleet/change_set.h"
#include "fleet/row_table.h"
#include "fleet/view.h"

namespace cc::fleet {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};
template <class Value>
using TextMap = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

/// Rows are shared and never written once they are in here, so a reader may keep one.
class Fleet final : public FleetView {
 public:
  template <class Row>
  using Rows = RowTable<Row>;

  /// Everything of one gateway.
  struct Shard {
    std::shared_ptr<const Gateway> gateway;
    Rows<Agent> agents;
    Rows<Session> sessions;
    Rows<Presence> presence;
    Rows<AgentRuns> runs;
  };

  /// Applying the same change set twice is applying it once. A removed gateway takes its rows with
  /// it.
  void apply(const ChangeSet& changes);

  /// Puts one row in, as it is loaded from the store.
  void put(std::shared_ptr<const Gateway> row);
  void put(std::shared_ptr<const Agent> row);
  void put(PackedSession::Pointer row);
  void put(std::shared_ptr<const Presence> row);

  /// Room for so many sessions of a gateway, before the first of many is put in.
  void expect_sessions(std::string_view gateway, std::size_t sessions);
  /// After the last `put`: brings each table's order up to date, as `apply` does by itself.
  void settle();

  [[nodiscard]] const TextMap<Shard>& shards() const { return shards_; }
  [[nodiscard]] const Shard* shard(std::string_view gateway) const;

  [[nodiscard]] const Gateway* gateway(std::string_view name) const override;
  [[nodiscard]] const Agent* agent(std::string_view gateway, std::string_view id) const override;
  [[nodiscard]] Seen<Session> session(std::string_view gateway,
                                      std::string_view key) const override;
  [[nodiscard]] const Presence* presence(std::string_view gateway,
                                         std::string_view id) const override;
  [[nodiscard]] const AgentRuns* runs(std::string_view gateway,
                                      std::string_view agent_id) const override;

  [[nodiscard]] std::size_t session_count(std::string_view gateway) const override;

  void each_gateway(const std::function<void(const Gateway&)>& visit) const override;
  void each_agent(std::string_view gateway,
                  const std::function<void(const Agent&)>& visit) const override;
  void each_session(std::string_view gateway,
                    const std::function<void(const SessionView&)>& visit) const override;
  void each_presence(std::string_view gateway,
                     const std::function<void(const Presence&)>& visit) const override;
  void each_runs(std::string_view gateway,
                 const std::function<void(const AgentRuns&)>& visit) const override;

 private:
  Shard& obtain_shard(std::string_view gateway);

  TextMap<Shard> shards_;
};

}  // namespace cc::fleet
