#include "api/resources/journal/unreadable.h"

namespace cc::api {

Response journal_unreadable(telemetry::Log& log, const Error& error) {
  log.warn("the journal cannot be read", {{"error", error.message}});
  return problem(503, "The journal cannot be read at the moment.");
}

}  // namespace cc::api
