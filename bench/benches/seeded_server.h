#pragma once
// The server on a database that was made for a bench.

#include "bench/benches/setting.h"
#include "bench/subject/control_center.h"
#include "bench/subject/seed.h"

namespace cc::bench {

/// With the seed's gateways, none of which is there.
[[nodiscard]] inline ControlCenter::Spec server_on(const Setting& setting, const Seed& seed) {
  return {.program = setting.server(),
          .data_dir = seed.data_dir,
          .configuration = seed.data_dir / "gateways.toml",
          .gateway_url = {},
          .gateway_token = {}};
}

}  // namespace cc::bench
