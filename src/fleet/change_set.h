#pragma once
// What an observation changes: made once by `merge`, applied by `Overlay` and `Fleet`, encoded once
// by `seal`.

#include <memory>
#include <string>
#include <vector>

#include "fleet/held.h"
#include "fleet/runs.h"

namespace cc::fleet {

/// Changes of one kind of row. `upsert` holds whole rows, `remove` identities within the change
/// set's gateway. `touch` holds whole rows in which only a "still there" time moved: kept in
/// memory, never journaled. Rows may be written (their version, by `seal`) until the change set is
/// published.
template <class Row>
struct Changes {
  std::vector<Made<Row>> upsert;
  std::vector<std::string> remove;
  std::vector<Made<Row>> touch;

  [[nodiscard]] bool journaled() const { return !upsert.empty() || !remove.empty(); }
  [[nodiscard]] bool empty() const { return !journaled() && touch.empty(); }
};

struct ChangeSet {
  std::string gateway;
  Source source = Source::kSystem;
  Cause cause = Cause::kConnection;
  /// Whether the gateway speaks to us once this is applied: decides the `status` that agents are
  /// written with.
  bool gateway_speaks = false;
  Changes<Gateway> gateways;
  Changes<Agent> agents;
  Changes<Session> sessions;
  Changes<Presence> presence;
  Changes<AgentRuns> runs;  // never journaled

  /// Whether it makes a journal entry.
  [[nodiscard]] bool journaled() const {
    return gateways.journaled() || agents.journaled() || sessions.journaled() ||
           presence.journaled();
  }
  [[nodiscard]] bool empty() const {
    return gateways.empty() && agents.empty() && sessions.empty() && presence.empty() &&
           runs.empty();
  }
};

}  // namespace cc::fleet
