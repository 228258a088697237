#pragma once
// Reading the fleet, whatever holds it: the published one, or a batch in the making on top of it.

#include <functional>
#include <string_view>

#include "fleet/held.h"
#include "fleet/rows.h"
#include "fleet/runs.h"

namespace cc::fleet {

/// Pointers and views are valid until the next change of what stands behind the view. Not
/// thread-safe by itself.
class FleetView {
 public:
  virtual ~FleetView() = default;

  [[nodiscard]] virtual const Gateway* gateway(std::string_view name) const = 0;
  [[nodiscard]] virtual const Agent* agent(std::string_view gateway, std::string_view id) const = 0;
  [[nodiscard]] virtual Seen<Session> session(std::string_view gateway,
                                              std::string_view key) const = 0;
  [[nodiscard]] virtual const Presence* presence(std::string_view gateway,
                                                 std::string_view id) const = 0;
  [[nodiscard]] virtual const AgentRuns* runs(std::string_view gateway,
                                              std::string_view agent_id) const = 0;

  [[nodiscard]] virtual std::size_t session_count(std::string_view gateway) const = 0;

  /// In no particular order.
  virtual void each_gateway(const std::function<void(const Gateway&)>& visit) const = 0;
  virtual void each_agent(std::string_view gateway,
                          const std::function<void(const Agent&)>& visit) const = 0;
  virtual void each_session(std::string_view gateway,
                            const std::function<void(const SessionView&)>& visit) const = 0;
  virtual void each_presence(std::string_view gateway,
                             const std::function<void(const Presence&)>& visit) const = 0;
  virtual void each_runs(std::string_view gateway,
                         const std::function<void(const AgentRuns&)>& visit) const = 0;
};

}  // namespace cc::fleet
