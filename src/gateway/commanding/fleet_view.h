#pragma once
// What has to be known of the fleet to tell a gateway something without harm. Defined here, so that
// `gateway` need not know where the fleet is kept.

#include <memory>
#include <string>
#include <vector>

#include "fleet/rows/rows.h"
#include "gateway/protocol/requests.h"

namespace cc::gateway {

class FleetView {
 public:
  virtual ~FleetView() = default;
  /// Thread-safe and short.
  [[nodiscard]] virtual protocol::Surroundings around(const fleet::Command& command) const = 0;
  /// The sessions in which something runs, of what the command acts on.
  [[nodiscard]] virtual std::vector<std::string> running(const fleet::Command& command) const = 0;
  /// Commands whose fate is unknown since then.
  [[nodiscard]] virtual std::vector<std::shared_ptr<const fleet::Command>> unknown(
      const std::string& gateway, TimeMs since) const = 0;
};

}  // namespace cc::gateway
