#pragma once
// Signing a browser in and out. The path says `session`, which outside is the name of a sign-in.

#include "api/resources/access/request_audit.h"
#include "api/routes/call.h"
#include "auth/auth.h"
#include "base/clock.h"
#include "telemetry/log.h"
#include "telemetry/metrics.h"

namespace cc::api {

class SignInResource {
 public:
  struct Parts {
    auth::Auth& auth;
    RequestAudit audit;
    const Clock& clock;
    telemetry::Log& log;
    telemetry::Metrics& metrics;
  };
  explicit SignInResource(Parts parts) : parts_(parts) {}

  [[nodiscard]] Answer sign_in(const Call& call) const;
  [[nodiscard]] Answer who(const Call& call) const;
  [[nodiscard]] Answer sign_out(const Call& call) const;

 private:
  [[nodiscard]] Response refuse(const Request& request,
                                const auth::Auth::NotSignedIn& refusal) const;

  Parts parts_;
};

}  // namespace cc::api
