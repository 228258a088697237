#pragma once
// The door to the stream.

#include "api/routes/call.h"
#include "fleet/state/published.h"

namespace cc::api {

class StreamResource {
 public:
  explicit StreamResource(const fleet::PublishedFleet& published) : published_(published) {}

  [[nodiscard]] Answer follow(const Call& call) const;

 private:
  [[nodiscard]] journal::StartPoint start_of(const Call& call) const;

  const fleet::PublishedFleet& published_;
};

}  // namespace cc::api
