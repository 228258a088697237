#include "api/resources/access/sign_in.h"

#include "api/http/json_body.h"
#include "api/middleware/authentication.h"
#include "auth/guess_limits.h"
#include "base/json_writer.h"

namespace cc::api {
namespace {

Response not_a_token() {
  return std::move(
      problem(401, "That is not a token of this server.").with("WWW-Authenticate", "Bearer"));
}

Response too_many_failures(Millis wait) {
  const auto seconds = std::to_string(std::chrono::ceil<std::chrono::seconds>(wait).count());
  return std::move(problem(429, "Too many failed sign-ins; try again in " + seconds + " s.")
                       .with("Retry-After", seconds));
}

}  // namespace

Answer SignInResource::sign_in(const Call& call) const {
  const auto body = JsonBody::parse(call.request.body, {"token"});
  if (!body) return problem(400, body.error().message);
  const auto token = body->text("token");
  if (!token) return problem(400, "The member 'token' must be a text.");
  const auto signed_in = parts_.auth.sign_in(*token, call.request.peer);
  if (!signed_in) return refuse(call.request, signed_in.error());
  const auto& name = signed_in->identity.name;
  parts_.metrics.sign_in(true);
  parts_.audit.record(call.request, {.who = name});
  parts_.log.info("signed in", {{"name", name}, {"peer", call.request.peer}});
  const TimeMs seconds = (signed_in->expires_at - parts_.clock.wall()) / 1000;
  return std::move(
      no_content().with("Set-Cookie", set_cookie(call.request, signed_in->cookie, seconds)));
}

Response SignInResource::refuse(const Request& request,
                                const auth::Auth::NotSignedIn& refusal) const {
  const bool waits = refusal.wait.has_value();
  parts_.metrics.sign_in(false);
  parts_.audit.record(
      request, {.event = auth::AuditEvent::kSignIn,
                .result = waits ? auth::AuditResult::kWaiting : auth::AuditResult::kRefused});
  parts_.log.warn_folded(
      "sign-in refused", auth::household(request.peer),
      {{"peer", request.peer}, {"why", waits ? "too many failures" : "not a token"}});
  return waits ? too_many_failures(*refusal.wait) : not_a_token();
}

Answer SignInResource::who(const Call& call) const {
  const auto identity = call.identity.value_or(auth::Identity{});
  std::string body;
  JsonWriter out(body);
  out.begin_object()
      .field("name", identity.name)
      .field("role", auth::text(identity.role))
      .end_object();
  return json_response(std::move(body));
}

Answer SignInResource::sign_out(const Call& call) const {
  const auto cookies = sign_in_cookies(call.request);
  if (!cookies.empty()) {
    for (const auto cookie : cookies) parts_.auth.sign_out(cookie);
    parts_.audit.record(call.request,
                        {.event = auth::AuditEvent::kSignOut, .who = call.identity->name});
  }
  return std::move(no_content()
                       .with("Set-Cookie", clear_cookie(call.request))
                       .with("Clear-Site-Data", "\"cache\", \"storage\""));
}

}  // namespace cc::api
