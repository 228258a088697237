#pragma once
// The door to the stream.

#include "api/routes/call.h"
#include "fleet/published.h"

namespace cc::api {

class StreamResource {
 public:
  explicit StreamResource(const fleet::PublishedFleet& published) : published_(published) {}

  [[nodiscard]] Answer follow(const Call& call) const;

 private:
  const fleet::PublishedFleet& published_;
};

}  // namespace cc::api
