#include "api/resources/access/tokens.h"

#include "api/http/json_body.h"
#include "base/json_writer.h"

namespace cc::api {
namespace {

constexpr Millis kLongestLifetime = std::chrono::days(3660);

void write_info(JsonWriter& out, const auth::TokenInfo& info) {
  out.field("id", info.id)
      .field("name", info.name)
      .field("role", auth::text(info.role))
      .field("createdAt", info.created_at)
      .field("expiresAt", info.expires_at)
      .field("usedAt", info.used_at);
}

struct Wanted {
  std::string name;
  auth::Role role = auth::Role::kViewer;
  std::optional<Millis> lifetime;
};

Result<Wanted> read_wanted(std::string_view text) {
  const auto body = JsonBody::parse(text, {"name", "role", "expiresIn"});
  if (!body) return std::unexpected(body.error());
  const auto name = body->text("name");
  if (!name) return fail(ErrorCode::kInvalid, "The member 'name' must be a text.");
  const auto role = auth::parse_role(body->text("role").value_or(""));
  if (!role) {
    return fail(ErrorCode::kInvalid, "The member 'role' must be viewer, operator or admin.");
  }
  if (!body->has("expiresIn")) return Wanted{*name, *role, std::nullopt};
  const std::int64_t lifetime = body->number("expiresIn").value_or(0);
  if (lifetime < 1 || lifetime > kLongestLifetime.count()) {
    return fail(ErrorCode::kInvalid,
                "The member 'expiresIn' must be a number of milliseconds, of ten years at most.");
  }
  return Wanted{*name, *role, Millis(lifetime)};
}

Response failed(const Error& error) {
  switch (error.code) {
    case ErrorCode::kInvalid: return problem(400, error.message);
    case ErrorCode::kNotFound: return problem(404, "There is no such token.");
    case ErrorCode::kTooLarge: return problem(409, error.message);
    default: return problem(503, error.message);
  }
}

auth::AuditEntry by(const Call& call, auth::AuditEvent event, std::string subject) {
  return {.event = event, .who = call.identity->name, .subject = std::move(subject)};
}

auth::AuditEntry with_result(auth::AuditEntry entry, bool ok) {
  if (!ok) entry.result = auth::AuditResult::kFailed;
  return entry;
}

}  // namespace

Answer TokensResource::list(const Call& call) const {
  if (const auto fault = find_parameter_fault(call.query, {})) return problem(*fault);
  std::string body;
  JsonWriter out(body);
  out.begin_object().key("items").begin_array();
  for (const auth::TokenInfo& info : auth_.list_tokens()) {
    out.begin_object();
    write_info(out, info);
    out.end_object();
  }
  out.end_array().end_object();
  return json_response(std::move(body));
}

Answer TokensResource::create(const Call& call) const {
  auto wanted = read_wanted(call.request.body);
  if (!wanted) return problem(400, wanted.error().message);
  auto entry = by(call, auth::AuditEvent::kTokenCreate, wanted->name);
  const auto made = auth_.create_token(std::move(wanted->name), wanted->role, wanted->lifetime);
  if (made) entry.subject = made->info.id + " " + made->info.name;
  audit_.record(call.request, with_result(std::move(entry), made.has_value()));
  if (!made) return failed(made.error());
  log_.info("token created", {{"id", made->info.id},
                              {"name", made->info.name},
                              {"role", std::string(auth::text(made->info.role))},
                              {"by", call.identity->name}});
  std::string body;
  JsonWriter out(body);
  out.begin_object();
  write_info(out, made->info);
  out.field("token", made->secret.reveal()).end_object();
  return json_response(std::move(body), 201);
}

Answer TokensResource::revoke(const Call& call) const {
  const auto revoked = auth_.revoke_token(call.captured[0]);
  audit_.record(
      call.request,
      with_result(by(call, auth::AuditEvent::kTokenRevoke, call.captured[0]), revoked.has_value()));
  if (!revoked) return failed(revoked.error());
  log_.info("token revoked", {{"id", call.captured[0]}, {"by", call.identity->name}});
  return no_content();
}

}  // namespace cc::api
