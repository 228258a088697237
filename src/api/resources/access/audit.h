#pragma once
// Who came in and who did not; for an admin.

#include "api/routes/call.h"
#include "auth/audit.h"

namespace cc::api {

class AuditResource {
 public:
  explicit AuditResource(auth::Audit& audit) : audit_(audit) {}

  /// A page of the record, newest first.
  [[nodiscard]] Answer list(const Call& call) const;

 private:
  auth::Audit& audit_;
};

}  // namespace cc::api
