#pragma once
// What `doctor` finds out about one gateway.

#include "app/cli/finding.h"
#include "gateway/link_options.h"
#include "gateway/protocol/device_identity.h"

namespace cc::app {

/// Blocks for as long as the gateway takes, half a minute at most for each of the two endpoints.
void probe_gateway(const gateway::LinkOptions& options,
                   const gateway::protocol::DeviceIdentity& identity, Findings& findings);

}  // namespace cc::app
