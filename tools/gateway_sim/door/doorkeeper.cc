#include "gateway_sim/door/doorkeeper.h"

#include <algorithm>

#include "gateway_sim/door/connect_params.h"

namespace cc::sim {

struct Doorkeeper::Attempt : ConnectParams {};

namespace {

bool holds_all(const std::vector<std::string>& held, const std::vector<std::string>& asked) {
  return std::all_of(asked.begin(), asked.end(), [&](const std::string& scope) {
    return std::find(held.begin(), held.end(), scope) != held.end();
  });
}

PairedDevice device_of(const ConnectParams& attempt) {
  PairedDevice device;
  device.device_id = attempt.device_id;
  device.public_key = attempt.public_key;
  device.client_id = attempt.client_id;
  device.client_mode = attempt.mode;
  device.platform = attempt.platform;
  device.device_family = attempt.device_family;
  device.role = attempt.role;
  device.scopes = attempt.scopes;
  return device;
}

Client client_of(const ConnectParams& attempt) {
  Client client;
  client.client_id = attempt.client_id;
  client.display_name = attempt.display_name;
  client.mode = attempt.mode;
  client.version = attempt.version;
  client.platform = attempt.platform;
  client.device_family = attempt.device_family;
  client.device_id = attempt.device_id;
  client.instance_id = attempt.instance_id;
  client.role = attempt.role;
  client.caps = attempt.caps;
  return client;
}

std::optional<Refusal> check_claim(const ConnectParams& attempt, const Challenge& challenge,
                                   TimeMs now) {
  if (!attempt.has_device) return std::nullopt;
  const DeviceClaim claim{attempt.device_id, attempt.public_key, attempt.signature,
                          attempt.signed_at, attempt.nonce};
  const std::string token =
      attempt.token.value_or(attempt.device_token.value_or(attempt.bootstrap_token.value_or("")));
  return check_device(claim,
                      {attempt.client_id, attempt.mode, attempt.role, attempt.scopes, token,
                       attempt.platform, attempt.device_family},
                      challenge, now);
}

}  // namespace

std::string Doorkeeper::auth_mode() const {
  return !policy_.token.empty() ? "token" : !policy_.password.empty() ? "password" : "none";
}

std::expected<Admission, Refusal> Doorkeeper::admit(const boost::json::object& params,
                                                    const Challenge& challenge, TimeMs now) {
  if (const auto fault = find_connect_fault(params, policy_.protocol)) {
    return std::unexpected(invalid_request("invalid connect params: " + *fault));
  }
  const Attempt attempt{read_connect(params)};
  const auto own = static_cast<std::int64_t>(policy_.protocol);
  if (own < attempt.min_protocol || own > attempt.max_protocol) {
    return std::unexpected(
        protocol_mismatch(policy_.protocol, attempt.min_protocol, attempt.max_protocol));
  }
  if (auto refusal = check_claim(attempt, challenge, now)) return std::unexpected(*refusal);
  auto proof = check_secret(attempt);
  if (!proof) return std::unexpected(proof.error());
  if (auto refusal = check_pairing(attempt, *proof, now)) return std::unexpected(*refusal);
  return welcome(attempt, *proof);
}

Admission Doorkeeper::welcome(const Attempt& attempt, const Proof& proof) const {
  Admission admission;
  admission.client = client_of(attempt);
  admission.client.scopes = granted(attempt, proof);
  admission.auth = {proof.method, attempt.role, admission.client.scopes, "", 0};
  if (const auto held = paired_.find(attempt.device_id);
      attempt.has_device && held != paired_.end()) {
    admission.auth.device_token = held->second.token;
    admission.auth.issued_at = held->second.at;
  }
  return admission;
}

std::expected<Doorkeeper::Proof, Refusal> Doorkeeper::check_secret(const Attempt& attempt) const {
  const auto refused = [&](std::string_view name) {
    return std::unexpected(*refusal_named(name, policy_.protocol));
  };
  const auto held = paired_.find(attempt.device_id);
  const bool known = attempt.has_device && held != paired_.end();
  const auto is_device_token = [&](const std::optional<std::string>& text) {
    return known && text && *text == held->second.token;
  };
  if (is_device_token(attempt.device_token) || is_device_token(attempt.token))
    return Proof{"device-token", true};
  const std::string mode = auth_mode();
  if (mode == "none") return Proof{"none"};
  const std::string& secret = mode == "token" ? policy_.token : policy_.password;
  const auto& given = mode == "token" ? attempt.token : attempt.password;
  const auto& other = mode == "token" ? attempt.password : attempt.token;
  if (given && *given == secret) return Proof{mode};
  if (policy_.protocol == Protocol::kV4 && other && *other == secret) return Proof{mode};
  if (!attempt.token && !attempt.password && attempt.device_token)
    return refused("device-token-mismatch");
  if (given) return refused(mode + "-mismatch");
  if (!attempt.has_device && !other) return refused("device-required");
  return refused(mode + "-missing");
}

std::vector<std::string> Doorkeeper::granted(const Attempt& attempt, const Proof& proof) const {
  if (attempt.has_device) return attempt.scopes;
  const bool local = !policy_.require_pairing;
  const bool backend = attempt.client_id == "gateway-client" && attempt.mode == "backend";
  const bool cli =
      attempt.client_id == "cli" && attempt.mode == "cli" && policy_.protocol == Protocol::kV4;
  if (local && (backend || cli || proof.method == "none")) return attempt.scopes;
  return {};
}

std::optional<Refusal> Doorkeeper::check_pairing(const Attempt& attempt, const Proof& proof,
                                                 TimeMs now) {
  if (!attempt.has_device) return std::nullopt;
  const auto held = paired_.find(attempt.device_id);
  if (held == paired_.end()) {
    if (policy_.require_pairing) return ask_to_pair(attempt, "not-paired", now);
    pair(device_of(attempt), now);
    return std::nullopt;
  }
  const PairedDevice& device = held->second;
  if (device.platform != attempt.platform || device.device_family != attempt.device_family) {
    return ask_to_pair(attempt, "metadata-upgrade", now);
  }
  if (device.role != attempt.role) return ask_to_pair(attempt, "role-upgrade", now);
  if (holds_all(device.scopes, attempt.scopes)) return std::nullopt;
  if (policy_.protocol == Protocol::kV3 || policy_.require_pairing) {
    return ask_to_pair(attempt, "scope-upgrade", now);
  }
  if (proof.by_device_token) return refusal_named("scope-mismatch", policy_.protocol);
  pair(device_of(attempt), now);
  return std::nullopt;
}

PairingRequest* Doorkeeper::find_request(const Attempt& attempt, std::string_view reason) {
  for (auto& [id, held] : pending_) {
    if (held.device.device_id == attempt.device_id && held.reason == reason) return &held;
  }
  return nullptr;
}

Refusal Doorkeeper::ask_to_pair(const Attempt& attempt, std::string reason, TimeMs now) {
  PairingRequest* request = find_request(attempt, reason);
  if (request == nullptr) {
    const std::string id = rng_.uuid();
    request = &pending_.emplace(id, PairingRequest{id, device_of(attempt), reason}).first->second;
    tell_requested(*request, now);
  }
  request->device.scopes = attempt.scopes;
  return pairing_required({reason, request->id, attempt.device_id, attempt.role, attempt.scopes});
}

void Doorkeeper::tell_requested(const PairingRequest& request, TimeMs now) {
  const PairedDevice& device = request.device;
  tell_(make_event("device.pair.requested", Audience::kPairers, [&](JsonWriter& json) {
    json.field("requestId", request.id).field("deviceId", device.device_id);
    json.field("publicKey", device.public_key).field("platform", device.platform);
    json.field("clientId", device.client_id).field("clientMode", device.client_mode);
    json.field("role", device.role).field("silent", false);
    json.field("isRepair", request.reason != "not-paired").field("ts", now);
  }));
}

void Doorkeeper::pair(const PairedDevice& device, TimeMs now) {
  PairedDevice paired = device;
  paired.token = "sim-device-" + rng_.hex(32);
  paired.at = now;
  paired_[device.device_id] = std::move(paired);
}

void Doorkeeper::tell_resolved(const PairingRequest& request, std::string_view decision,
                               TimeMs now) {
  tell_(make_event("device.pair.resolved", Audience::kPairers, [&](JsonWriter& json) {
    json.field("requestId", request.id).field("deviceId", request.device.device_id);
    json.field("decision", decision).field("ts", now);
  }));
}

bool Doorkeeper::approve(const std::string& request_id, TimeMs now) {
  const auto held = pending_.find(request_id);
  if (held == pending_.end()) return false;
  const PairingRequest request = held->second;
  pending_.erase(held);
  pair(request.device, now);
  tell_resolved(request, "approved", now);
  return true;
}

bool Doorkeeper::reject(const std::string& request_id, TimeMs now) {
  const auto held = pending_.find(request_id);
  if (held == pending_.end()) return false;
  tell_resolved(held->second, "rejected", now);
  pending_.erase(held);
  return true;
}

}  // namespace cc::sim
