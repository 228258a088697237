#pragma once
// The journal, a page at a time: forwards from a cursor or a moment, or backwards.

#include "api/routes/call.h"
#include "store/store.h"
#include "telemetry/log.h"

namespace cc::api {

class EventsResource {
 public:
  EventsResource(const store::Store& store, telemetry::Log& log) : store_(store), log_(log) {}

  [[nodiscard]] Answer page(const Call& call) const;

 private:
  const store::Store& store_;
  telemetry::Log& log_;
};

}  // namespace cc::api
