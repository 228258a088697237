#pragma once
// What requests leave in the audit record.

#include "api/http/request.h"
#include "auth/audit.h"
#include "telemetry/log.h"

namespace cc::api {

/// Copies write to the same record. Thread-safe. Writes to the disk, so a worker calls it.
class RequestAudit {
 public:
  RequestAudit(auth::Audit& audit, telemetry::Log& log) : audit_(audit), log_(log) {}

  /// With the client's address. Where that cannot be written the log says so; the request goes on,
  /// since a full disk must not lock anybody out.
  void record(const Request& request, auth::AuditEntry entry) const;

 private:
  auth::Audit& audit_;
  telemetry::Log& log_;
};

}  // namespace cc::api
