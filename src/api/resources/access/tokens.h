#pragma once
// Tokens for programs, managed by an admin.

#include "api/resources/access/request_audit.h"
#include "api/routes/call.h"
#include "auth/auth.h"
#include "telemetry/log.h"

namespace cc::api {

class TokensResource {
 public:
  TokensResource(auth::Auth& auth, RequestAudit audit, telemetry::Log& log)
      : auth_(auth), audit_(audit), log_(log) {}

  [[nodiscard]] Answer list(const Call& call) const;
  [[nodiscard]] Answer create(const Call& call) const;
  [[nodiscard]] Answer revoke(const Call& call) const;

 private:
  auth::Auth& auth_;
  RequestAudit audit_;
  telemetry::Log& log_;
};

}  // namespace cc::api
