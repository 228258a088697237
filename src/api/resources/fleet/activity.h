#pragma once
// How much happened around each agent, minute by minute.

#include "api/routes/call.h"
#include "base/clock.h"
#include "fleet/state/activity.h"

namespace cc::api {

class ActivityResource {
 public:
  ActivityResource(const fleet::Activity& activity, const Clock& clock)
      : activity_(activity), clock_(clock) {}

  [[nodiscard]] Answer show(const Call& call) const;

 private:
  const fleet::Activity& activity_;
  const Clock& clock_;
};

}  // namespace cc::api
