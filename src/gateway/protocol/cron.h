#pragma once
// Jobs that a gateway runs by the clock, from `cron.list`.

#include "base/result.h"
#include "fleet/observation.h"
#include "gateway/protocol/members.h"

namespace cc::gateway::protocol {

struct CronPage {
  std::vector<fleet::CronPatch> jobs;
  std::optional<std::int64_t> next_offset;  // read on from here
};

/// {"jobs":[…],"nextOffset":N|null}. What jobs say to agents is left out.
[[nodiscard]] Result<CronPage> read_cron_list(simdjson::dom::element payload, Skipped& skipped);

}  // namespace cc::gateway::protocol
