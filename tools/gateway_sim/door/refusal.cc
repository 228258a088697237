#include "gateway_sim/door/refusal.h"

#include <array>

namespace cc::sim {
namespace {

struct Named {
  std::string_view name;
  Refusal (*make)(Protocol);
};

Refusal token_mismatch(Protocol) {
  return unauthorized("gateway token mismatch (provide gateway auth token)", "AUTH_TOKEN_MISMATCH",
                      "token_mismatch", "update_auth_credentials");
}
Refusal token_missing(Protocol) {
  return unauthorized("gateway token missing (provide gateway auth token)", "AUTH_TOKEN_MISSING",
                      "token_missing", "update_auth_configuration");
}
Refusal password_mismatch(Protocol) {
  return unauthorized("gateway password mismatch (provide gateway auth password)",
                      "AUTH_PASSWORD_MISMATCH", "password_mismatch", "update_auth_credentials");
}
Refusal password_missing(Protocol) {
  return unauthorized("gateway password missing (provide gateway auth password)",
                      "AUTH_PASSWORD_MISSING", "password_missing", "update_auth_configuration");
}
Refusal token_not_configured(Protocol) {
  return unauthorized("gateway token not configured on gateway", "AUTH_TOKEN_NOT_CONFIGURED",
                      "token_missing_config", "review_auth_configuration");
}
Refusal plain_unauthorized(Protocol) {
  return unauthorized("credentials refused", "AUTH_UNAUTHORIZED", "unauthorized",
                      "review_auth_configuration");
}
Refusal auth_required(Protocol) {
  return unauthorized("authentication required", "AUTH_REQUIRED", "auth_required",
                      "update_auth_configuration");
}
Refusal device_token_mismatch(Protocol) {
  return unauthorized("device token mismatch (rotate/reissue device token)",
                      "AUTH_DEVICE_TOKEN_MISMATCH", "device_token_mismatch",
                      "update_auth_credentials");
}
Refusal scope_mismatch(Protocol) {
  return unauthorized("device token scope mismatch", "AUTH_SCOPE_MISMATCH", "scope_mismatch",
                      "review_auth_configuration");
}
Refusal rate_limited(Protocol) {
  Refusal refusal = unauthorized("too many failed authentication attempts (retry later)",
                                 "AUTH_RATE_LIMITED", "rate_limited", "wait_then_retry");
  refusal.retryable = true;
  refusal.retry_after_ms = 60'000;
  return refusal;
}
Refusal pairing(Protocol) {
  return pairing_required({"not-paired",
                           "5f0c6d1e-0000-4000-a000-000000000001",
                           std::string(64, 'a'),
                           "operator",
                           {"operator.read"}});
}
Refusal scope_upgrade(Protocol) {
  return pairing_required({"scope-upgrade",
                           "5f0c6d1e-0000-4000-a000-000000000002",
                           std::string(64, 'a'),
                           "operator",
                           {"operator.read", "operator.admin"}});
}
Refusal device_required(Protocol) {
  Refusal refusal = with_details("device identity required", "DEVICE_IDENTITY_REQUIRED", "");
  refusal.code = "NOT_PAIRED";
  return refusal;
}
Refusal nonce_mismatch(Protocol) {
  return with_details("device nonce mismatch", "DEVICE_AUTH_NONCE_MISMATCH",
                      "device-nonce-mismatch");
}
Refusal nonce_required(Protocol) {
  return with_details("device nonce required", "DEVICE_AUTH_NONCE_REQUIRED",
                      "device-nonce-missing");
}
Refusal signature_expired(Protocol) {
  return with_details("device signature expired", "DEVICE_AUTH_SIGNATURE_EXPIRED",
                      "device-signature-stale");
}
Refusal signature_invalid(Protocol) {
  return with_details("device signature invalid", "DEVICE_AUTH_SIGNATURE_INVALID",
                      "device-signature");
}
Refusal device_id_mismatch(Protocol) {
  return with_details("device identity mismatch", "DEVICE_AUTH_DEVICE_ID_MISMATCH",
                      "device-id-mismatch");
}
Refusal public_key_invalid(Protocol) {
  return with_details("device public key invalid", "DEVICE_AUTH_PUBLIC_KEY_INVALID",
                      "device-public-key");
}
Refusal device_invalid(Protocol) {
  return with_details("device identity invalid", "DEVICE_AUTH_INVALID", "device-invalid");
}
Refusal any_protocol_mismatch(Protocol protocol) {
  return protocol_mismatch(protocol, 3, 4);
}
Refusal starting(Protocol) {
  Refusal refusal;
  refusal.code = "UNAVAILABLE";
  refusal.message = "gateway starting; retry shortly";
  refusal.details = R"({"reason":"startup-sidecars"})";
  refusal.retryable = true;
  refusal.retry_after_ms = 500;
  refusal.close_code = 1013;
  refusal.close_reason = "gateway starting";
  return refusal;
}
Refusal unavailable(Protocol) {
  Refusal refusal;
  refusal.code = "UNAVAILABLE";
  refusal.message = "gateway unavailable";
  refusal.close_code = 1011;
  return refusal;
}
Refusal origin_not_allowed(Protocol) {
  return with_details(
      "origin not allowed (open the Control UI from the gateway host or allow it in "
      "gateway.controlUi.allowedOrigins)",
      "CONTROL_UI_ORIGIN_NOT_ALLOWED", "origin not allowed");
}
Refusal invalid_params(Protocol) {
  return invalid_request("invalid connect params: at root: unexpected property 'extra'");
}
Refusal invalid_handshake(Protocol) {
  return invalid_request("invalid handshake: first request must be connect");
}

constexpr std::array kNamed{
    Named{"token-mismatch", token_mismatch},
    Named{"token-missing", token_missing},
    Named{"password-mismatch", password_mismatch},
    Named{"password-missing", password_missing},
    Named{"token-not-configured", token_not_configured},
    Named{"unauthorized", plain_unauthorized},
    Named{"auth-required", auth_required},
    Named{"device-token-mismatch", device_token_mismatch},
    Named{"scope-mismatch", scope_mismatch},
    Named{"rate-limited", rate_limited},
    Named{"pairing", pairing},
    Named{"scope-upgrade", scope_upgrade},
    Named{"device-required", device_required},
    Named{"device-nonce-mismatch", nonce_mismatch},
    Named{"device-nonce-required", nonce_required},
    Named{"device-signature-expired", signature_expired},
    Named{"device-signature-invalid", signature_invalid},
    Named{"device-id-mismatch", device_id_mismatch},
    Named{"device-public-key-invalid", public_key_invalid},
    Named{"device-invalid", device_invalid},
    Named{"protocol-mismatch", any_protocol_mismatch},
    Named{"starting", starting},
    Named{"unavailable", unavailable},
    Named{"origin-not-allowed", origin_not_allowed},
    Named{"invalid-params", invalid_params},
    Named{"invalid-handshake", invalid_handshake},
};

std::string_view pairing_message(std::string_view reason) {
  if (reason == "scope-upgrade")
    return "pairing required: device is asking for more scopes than currently approved";
  if (reason == "role-upgrade")
    return "pairing required: device is asking for a higher role than currently approved";
  if (reason == "metadata-upgrade")
    return "pairing required: device identity changed and must be re-approved";
  return "pairing required: device is not approved yet";
}

}  // namespace

Refusal invalid_request(std::string message) {
  Refusal refusal;
  refusal.code = "INVALID_REQUEST";
  refusal.message = std::move(message);
  return refusal;
}

Refusal with_details(std::string message, std::string_view details_code, std::string_view reason) {
  Refusal refusal = invalid_request(std::move(message));
  JsonWriter json(refusal.details);
  json.begin_object().field("code", details_code);
  if (!reason.empty()) json.field("reason", reason);
  json.end_object();
  return refusal;
}

Refusal missing_scope(Protocol protocol, std::string_view scope) {
  Refusal refusal = invalid_request("missing scope: " + std::string(scope));
  if (protocol == Protocol::kV3) return refusal;
  refusal.code = "FORBIDDEN";
  JsonWriter json(refusal.details);
  json.begin_object().field("code", "MISSING_SCOPE").field("missingScope", scope);
  json.key("requiredScopes").begin_array().value(scope).end_array().end_object();
  return refusal;
}

Refusal unauthorized(std::string_view what, std::string_view details_code, std::string_view reason,
                     std::string_view next_step) {
  Refusal refusal = invalid_request("unauthorized: " + std::string(what));
  JsonWriter json(refusal.details);
  json.begin_object().field("code", details_code).field("authReason", reason);
  json.field("canRetryWithDeviceToken", false).field("recommendedNextStep", next_step).end_object();
  return refusal;
}

Refusal protocol_mismatch(Protocol protocol, std::int64_t client_min, std::int64_t client_max) {
  Refusal refusal = invalid_request("protocol mismatch");
  refusal.close_code = 1002;
  JsonWriter json(refusal.details);
  json.begin_object();
  if (protocol == Protocol::kV4) {
    json.field("code", "PROTOCOL_MISMATCH").field("clientMinProtocol", client_min);
    json.field("clientMaxProtocol", client_max);
  }
  json.field("expectedProtocol", static_cast<int>(protocol));
  if (protocol == Protocol::kV4) json.field("minimumProbeProtocol", 3);
  json.end_object();
  return refusal;
}

Refusal pairing_required(const PairingRefusal& pairing) {
  Refusal refusal;
  refusal.code = "NOT_PAIRED";
  refusal.message = pairing_message(pairing.reason);
  refusal.close_reason = refusal.message + " (requestId: " + pairing.request_id + ')';
  JsonWriter json(refusal.details);
  json.begin_object().field("code", "PAIRING_REQUIRED").field("reason", pairing.reason);
  json.field("requestId", pairing.request_id);
  json.field("remediationHint", "Approve this device from the pending pairing requests.");
  json.field("deviceId", pairing.device_id).field("requestedRole", pairing.role);
  json.key("requestedScopes").begin_array();
  for (const std::string& scope : pairing.scopes) json.value(scope);
  json.end_array().end_object();
  return refusal;
}

std::optional<Refusal> refusal_named(std::string_view name, Protocol protocol) {
  for (const Named& named : kNamed) {
    if (named.name == name) return named.make(protocol);
  }
  return std::nullopt;
}

std::vector<std::string_view> refusal_names() {
  std::vector<std::string_view> names;
  for (const Named& named : kNamed) names.push_back(named.name);
  return names;
}

void write_refusal(JsonWriter& json, const Refusal& refusal) {
  json.begin_object().field("code", refusal.code).field("message", refusal.message);
  if (!refusal.details.empty()) json.key("details").raw(refusal.details);
  if (refusal.retryable) json.field("retryable", *refusal.retryable);
  if (refusal.retry_after_ms) json.field("retryAfterMs", *refusal.retry_after_ms);
  json.end_object();
}

}  // namespace cc::sim
