#pragma once
// Tests one gateway once: name, connection, handshake, REST endpoint. Asks the gateway for nothing
// else.

#include "app/cli/finding.h"
#include "app/config/config.h"
#include "app/data_dir.h"
#include "gateway/protocol/device_identity.h"

namespace cc::app {

struct Probe {
  const Config& config;
  const DataDir& data;
  gateway::protocol::DeviceIdentity identity;
};

/// Blocks for as long as the gateway takes, half a minute at most for each of the two endpoints.
void probe_gateway(const Probe& probe, const GatewayConfig& gateway, Findings& findings);

}  // namespace cc::app
