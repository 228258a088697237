#pragma once
// What is read from a gateway when somebody looks at it: conversations, devices, models, runs of
// jobs. Nothing of it is stored.

#include "api/routes/call.h"
#include "fleet/gateway_reads.h"
#include "fleet/state/published.h"

namespace cc::api {

class ReadsResource {
 public:
  ReadsResource(fleet::ReadGateway read, const fleet::PublishedFleet& published)
      : read_(std::move(read)), published_(published) {}

  [[nodiscard]] Answer messages(const Call& call) const;
  [[nodiscard]] Answer devices(const Call& call) const;
  [[nodiscard]] Answer models(const Call& call) const;
  [[nodiscard]] Answer cron_runs(const Call& call) const;

 private:
  [[nodiscard]] Answer ask(std::string gateway, fleet::Reading what, bool with_cursor) const;
  [[nodiscard]] Answer of_gateway(const Call& call, fleet::Reading::Of of) const;

  fleet::ReadGateway read_;
  const fleet::PublishedFleet& published_;
};

}  // namespace cc::api
