#pragma once
// A batch in the making: changes on top of a fleet that stays as it is until they are committed.

#include <boost/unordered/unordered_flat_map.hpp>

#include "fleet/fleet.h"

namespace cc::fleet {

/// Dropping an overlay forgets its changes; nothing else has to be undone. One thread.
class Overlay final : public FleetView {
 public:
  explicit Overlay(const Fleet& base) : base_(base) {}

  void apply(std::shared_ptr<ChangeSet> changes);
  [[nodiscard]] const std::vector<std::shared_ptr<ChangeSet>>& applied() const { return applied_; }

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
  /// Null: removed. By identities that stand in the change sets applied.
  template <class Row>
  using Changed = boost::unordered_flat_map<std::string_view, HeldPointer<Row>, IdentityHash>;
  struct Layer {
    bool hides_base = false;  // the gateway was removed: nothing of the base shows through
    Changed<Gateway> gateways;
    Changed<Agent> agents;
    Changed<Session> sessions;
    Changed<Presence> presence;
    Changed<AgentRuns> runs;
  };

  template <class Row>
  static void put(Changed<Row>& into, const Changes<Row>& changes);
  [[nodiscard]] const Layer* layer(std::string_view gateway) const;
  /// `below` answers what the base has; asked only where no change hides it.
  template <class Row, class Below>
  [[nodiscard]] Seen<Row> find(std::string_view gateway, std::string_view id,
                               Changed<Row> Layer::* changed, const Below& below) const;
  template <class Row>
  void each(std::string_view gateway, Changed<Row> Layer::* changed,
            Fleet::Rows<Row> Fleet::Shard::* rows,
            const std::function<void(const Fields<Row>&)>& visit) const;

  const Fleet& base_;
  TextMap<Layer> layers_;
  std::vector<std::shared_ptr<ChangeSet>> applied_;
};

}  // namespace cc::fleet
