#pragma once
// Uncommitted changes on top of a fleet, which stays unchanged until they are committed.

#include <boost/unordered/unordered_flat_map.hpp>

#include "fleet/state/fleet.h"

namespace cc::fleet {

/// Destroying an overlay discards its changes; nothing has to be undone. One thread.
class Overlay {
 public:
  /// Of a fleet by itself, which stands for an overlay without changes.
  Overlay(const Fleet& base) : base_(base) {}  // NOLINT(google-explicit-constructor)

  void apply(std::shared_ptr<ChangeSet> changes);
  [[nodiscard]] const std::vector<std::shared_ptr<ChangeSet>>& applied() const { return applied_; }

  // Pointers and views are good until the next change of the overlay or of what is below it.

  [[nodiscard]] const Gateway* gateway(std::string_view name) const;
  /// Defined for each kind that belongs to a gateway, and for AgentRuns.
  template <class Row>
  [[nodiscard]] Seen<Row> find(std::string_view gateway, std::string_view id) const;
  [[nodiscard]] std::size_t session_count(std::string_view gateway) const;
  /// Without the changes.
  [[nodiscard]] Usage base_usage(std::string_view gateway) const { return base_.usage(gateway); }

  /// In no particular order.
  void each_gateway(const std::function<void(const Gateway&)>& visit) const;
  template <class Row>
  void each(std::string_view gateway, const std::function<void(const Fields<Row>&)>& visit) const;

 private:
  /// Null: removed. By identities that stand in the change sets applied.
  template <class Row>
  using Changed = boost::unordered_flat_map<std::string_view, HeldPointer<Row>, IdentityHash>;
  struct Layer {
    bool hides_base = false;  // the gateway was removed: nothing of the base shows through
#define KIND(tag, noun, number, plural) Changed<tag> plural;
#include "fleet/rows/kinds.def"
    Changed<AgentRuns> runs;
  };

  template <class Row>
  static void put(Changed<Row>& into, const Changes<Row>& changes);
  [[nodiscard]] const Layer* layer(std::string_view gateway) const;
  /// `below` answers what the base has; asked only where no change hides it.
  template <class Row, class Below>
  [[nodiscard]] Seen<Row> find_above(std::string_view gateway, std::string_view id,
                                     const Below& below) const;

  const Fleet& base_;
  TextMap<Layer> layers_;
  std::vector<std::shared_ptr<ChangeSet>> applied_;
};

}  // namespace cc::fleet
