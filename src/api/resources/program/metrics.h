#pragma once
// The figures, as Prometheus reads them.

#include "api/routes/call.h"
#include "telemetry/metrics.h"

namespace cc::api {

class MetricsResource {
 public:
  explicit MetricsResource(const telemetry::Metrics& metrics) : metrics_(metrics) {}

  [[nodiscard]] Answer show(const Call& call) const;

 private:
  const telemetry::Metrics& metrics_;
};

}  // namespace cc::api
