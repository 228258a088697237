#pragma once
// Everything but the sessions' rows, consistent at one cursor.

#include "api/routes/call.h"
#include "fleet/state/published.h"

namespace cc::api {

class FleetResource {
 public:
  explicit FleetResource(const fleet::PublishedFleet& published) : published_(published) {}

  [[nodiscard]] Answer show(const Call& call) const;

 private:
  const fleet::PublishedFleet& published_;
};

}  // namespace cc::api
