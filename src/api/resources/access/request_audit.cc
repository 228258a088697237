#include "api/resources/access/request_audit.h"

namespace cc::api {

void RequestAudit::record(const Request& request, auth::AuditEntry entry) const {
  entry.address = request.peer;
  const auto written = audit_.record(std::move(entry));
  if (written) return;
  log_.warn_folded("the audit record cannot be written", {}, {{"why", written.error().message}});
}

}  // namespace cc::api
