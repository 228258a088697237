#pragma once
// A person who has mended something does not wait for the next try.

#include <functional>
#include <string>

#include "api/routes/call.h"
#include "fleet/state/published.h"
#include "telemetry/log.h"

namespace cc::api {

class RetryResource {
 public:
  /// Tries the gateway of this name now. Called on any thread.
  using Retry = std::function<void(const std::string& gateway)>;

  RetryResource(const fleet::PublishedFleet& published, Retry retry, telemetry::Log& log)
      : published_(published), retry_(std::move(retry)), log_(log) {}

  /// 202 and the gateway's row as it is: how the try ends is told like everything else.
  [[nodiscard]] Answer now(const Call& call) const;

 private:
  const fleet::PublishedFleet& published_;
  Retry retry_;
  telemetry::Log& log_;
};

}  // namespace cc::api
