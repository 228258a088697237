// Signing a browser in and out.

#include <array>

#include "api/http/json_body.h"
#include "api/middleware/authentication.h"
#include "api/routes/table.h"
#include "base/json_writer.h"

namespace cc::api::routes {
namespace {

Response refused(Services& services, const Call& call, const auth::Auth::NotSignedIn& refusal) {
  services.metrics.sign_in(false);
  write_down(services, call.request,
             {.event = auth::AuditEvent::kSignIn,
              .result = refusal.wait ? auth::AuditResult::kWaiting : auth::AuditResult::kRefused});
  services.log.warn(
      "sign-in refused",
      {{"peer", call.request.peer}, {"why", refusal.wait ? "too many failures" : "not a token"}});
  if (!refusal.wait) {
    return std::move(
        problem(401, "That is not a token of this server.").with("WWW-Authenticate", "Bearer"));
  }
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(*refusal.wait).count();
  return std::move(
      problem(429, "Too many failed sign-ins; try again in " + std::to_string(seconds) + " s.")
          .with("Retry-After", std::to_string(seconds)));
}

Response sign_in(Services& services, const Call& call) {
  const auto body = JsonBody::parse(call.request.body, {"token"});
  if (!body) return problem(400, body.error().message);
  const auto token = body->text("token");
  if (!token) return problem(400, "The member 'token' must be a text.");
  const auto signed_in = services.auth.sign_in(*token, call.request.peer);
  if (!signed_in) return refused(services, call, signed_in.error());
  services.metrics.sign_in(true);
  write_down(services, call.request, {.who = signed_in->identity.name});
  services.log.info("signed in", {{"name", signed_in->identity.name}, {"peer", call.request.peer}});
  const TimeMs seconds = (signed_in->expires_at - services.clock.wall()) / 1000;
  return std::move(
      no_content().with("Set-Cookie", set_cookie(signed_in->cookie, seconds, call.request.secure)));
}

Response who(Services& /*services*/, const Call& call) {
  const auto identity = call.identity.value_or(auth::Identity{});
  std::string body;
  JsonWriter out(body);
  out.begin_object()
      .field("name", identity.name)
      .field("role", auth::text(identity.role))
      .end_object();
  return json_response(std::move(body));
}

Response sign_out(Services& services, const Call& call) {
  if (const auto cookie = session_cookie(call.request)) {
    services.auth.sign_out(*cookie);
    write_down(services, call.request,
               {.event = auth::AuditEvent::kSignOut, .who = call.identity->name});
  }
  return std::move(no_content()
                       .with("Set-Cookie", clear_cookie(call.request.secure))
                       .with("Clear-Site-Data", "\"cache\", \"storage\""));
}

constexpr std::array kRoutes{
    Route{Method::kPost, "/api/v1/session", kPublic, sign_in},
    Route{Method::kGet, "/api/v1/session", kViewer, who},
    Route{Method::kDelete, "/api/v1/session", kViewer, sign_out},
};

}  // namespace

std::span<const Route> session() {
  return kRoutes;
}

}  // namespace cc::api::routes
