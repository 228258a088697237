#include "gateway/protocol/handshake.h"

#include <algorithm>
#include <array>

#include "base/json_writer.h"
#include "gateway/protocol/members.h"
#include "gateway/protocol/requests.h"

namespace cc::gateway::protocol {
namespace {

constexpr std::string_view kClientId = "gateway-client";
constexpr std::string_view kClientMode = "backend";
constexpr std::string_view kDisplayName = "Control Center";
constexpr std::string_view kRole = "operator";
// Constant on purpose: a device whose platform changes must be paired anew.
constexpr std::string_view kPlatform = "linux";
constexpr std::size_t kMaxNonceBytes = 512;
constexpr std::size_t kMaxTokenBytes = 4096;
constexpr std::size_t kMaxWords = 4096;
constexpr std::int64_t kMinPayload = 64 * 1024;
constexpr std::int64_t kShortestTickMs = 1'000;
constexpr std::int64_t kLongestTickMs = 10 * 60 * 1'000;
constexpr std::int64_t kMaxProtocol = 1'000;

using Scopes = std::vector<std::string_view>;

constexpr std::array kAllScopes{command::Scope::kRead,      command::Scope::kWrite,
                                command::Scope::kApprovals, command::Scope::kQuestions,
                                command::Scope::kAdmin,     command::Scope::kPairing};

std::string joined(const Scopes& scopes) {
  std::string out;
  for (const auto scope : scopes) {
    if (!out.empty()) out += ',';
    out += scope;
  }
  return out;
}

void write_client(JsonWriter& json, std::string_view version) {
  json.key("client").begin_object();
  json.field("id", kClientId).field("version", version).field("platform", kPlatform);
  json.field("mode", kClientMode).field("displayName", kDisplayName);
  json.end_object();
}

void write_words(JsonWriter& json, std::string_view name, const Scopes& words) {
  json.key(name).begin_array();
  for (const auto word : words) json.value(word);
  json.end_array();
}

void write_auth(JsonWriter& json, const Credentials& credentials) {
  json.key("auth").begin_object();
  if (!credentials.token.empty()) {
    json.field("token", credentials.token.reveal());
  } else if (!credentials.device_token.empty()) {
    json.field("deviceToken", credentials.device_token.reveal());
  }
  if (!credentials.password.empty()) json.field("password", credentials.password.reveal());
  json.end_object();
}

const Secret& shown_token(const Credentials& credentials) {
  return credentials.token.empty() ? credentials.device_token : credentials.token;
}

void write_device(JsonWriter& json, const Challenge& challenge, const DeviceIdentity& identity,
                  const Credentials& credentials, const std::string& scopes) {
  const auto payload = signature_payload({.device_id = identity.id(),
                                          .client_id = kClientId,
                                          .client_mode = kClientMode,
                                          .role = kRole,
                                          .scopes = scopes,
                                          .signed_at = challenge.ts,
                                          .token = shown_token(credentials).reveal(),
                                          .nonce = challenge.nonce,
                                          .platform = kPlatform,
                                          .device_family = {}});
  json.key("device").begin_object();
  json.field("id", identity.id()).field("publicKey", identity.public_key());
  json.field("signature", identity.sign(payload)).field("signedAt", challenge.ts);
  json.field("nonce", challenge.nonce).end_object();
}

/// nullopt where it is no array; members that are no text are left out.
std::optional<std::vector<std::string>> words_of(const Members& object, std::string_view name) {
  const auto array = object.array(name);
  if (!array) return std::nullopt;
  std::vector<std::string> words;
  for (const auto element : *array) {
    std::string_view word;
    if (element.get(word) != simdjson::SUCCESS || words.size() == kMaxWords) continue;
    words.push_back(clean_text(word, 128));
  }
  return words;
}

/// A token that cleaning would change is none that we could send back.
Secret token_of(const Members& auth) {
  auto token = value_of(auth.text("deviceToken", kMaxTokenBytes + 1));
  const auto raw = auth.find("deviceToken");
  std::string_view bytes;
  if (!token || !raw || raw->get(bytes) != simdjson::SUCCESS || bytes != *token) return {};
  return token->size() > kMaxTokenBytes ? Secret() : Secret(std::move(*token));
}

void read_auth(const Members& auth, Hello& hello) {
  hello.scopes = words_of(auth, "scopes");
  hello.device_token = token_of(auth);
}

void read_policy(const Members& policy, Hello& hello) {
  if (const auto bytes = value_of(policy.count("maxPayload"))) {
    const auto limit = static_cast<std::int64_t>(kMaxFrameBytes);
    hello.max_payload = static_cast<std::size_t>(std::clamp(*bytes, kMinPayload, limit));
  }
  if (const auto ms = value_of(policy.count("tickIntervalMs"))) {
    hello.tick_interval = Millis(std::clamp(*ms, kShortestTickMs, kLongestTickMs));
  }
}

void read_snapshot(const Members& snapshot, Hello& hello) {
  if (snapshot.array("presence")) hello.presence = snapshot.find("presence");
  if (const auto versions = snapshot.object("stateVersion")) {
    hello.presence_version = value_of(versions->count("presence"));
  }
  if (const auto ms = value_of(snapshot.count("uptimeMs"))) hello.up_for = Millis(*ms);
  hello.shows_configuration = snapshot.find("appliedConfigHash").has_value();
}

bool grants_scope(const std::vector<std::string>& scopes, std::string_view asked) {
  const auto has = [&](std::string_view scope) {
    return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
  };
  if (has(asked) || has("operator.admin")) return true;
  return asked == "operator.read" && has("operator.write");
}

}  // namespace

Result<Challenge> read_challenge(simdjson::dom::element payload) {
  Skipped skipped;
  const auto members = Members::of(payload, skipped);
  if (!members) return fail(ErrorCode::kInvalid, "a challenge that is not an object");
  auto nonce = members->identity_or_empty("nonce");
  if (nonce.empty() || nonce.size() > kMaxNonceBytes) {
    return fail(ErrorCode::kInvalid, "a challenge without a usable nonce");
  }
  const auto ts = value_of(members->time("ts"));
  if (!ts) return fail(ErrorCode::kInvalid, "a challenge without a usable time");
  return Challenge{std::move(nonce), *ts};
}

std::string signature_payload(const SignedFields& fields) {
  std::string out = "v3";
  const auto add = [&](std::string_view field) {
    out += '|';
    out += field;
  };
  add(fields.device_id);
  add(fields.client_id);
  add(fields.client_mode);
  add(fields.role);
  add(fields.scopes);
  add(std::to_string(fields.signed_at));
  add(fields.token);
  add(fields.nonce);
  add(fields.platform);
  add(fields.device_family);
  return out;
}

std::string connect_params(const Challenge& challenge, const DeviceIdentity& identity,
                           const Credentials& credentials, ProtocolRange range,
                           std::string_view version, command::Access access) {
  const Scopes scopes = scopes_of(access, range);
  const bool decides = access != command::Access::kRead;
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("minProtocol", range.min).field("maxProtocol", range.max);
  write_client(json, version);
  json.field("role", kRole);
  write_words(json, "scopes", scopes);
  // With it, runs wait for a decision; without one of ours, nobody may be there to give it.
  write_words(json, "caps", decides ? Scopes{"exec-approvals", "approvals"} : Scopes());
  write_auth(json, credentials);
  write_device(json, challenge, identity, credentials, joined(scopes));
  json.field("userAgent", "control-center/" + std::string(version)).end_object();
  return out;
}

bool Hello::has_method(std::string_view name) const {
  return std::find(methods.begin(), methods.end(), name) != methods.end();
}

std::vector<std::string_view> scopes_of(command::Access access, ProtocolRange range) {
  Scopes scopes;
  for (const auto scope : kAllScopes) {
    if (command::asks_for(access, scope, range.max)) scopes.push_back(command::text(scope));
  }
  return scopes;
}

bool Hello::grants(command::Scope scope) const {
  return scope != command::Scope::kNone && (!scopes || grants_scope(*scopes, command::text(scope)));
}

std::vector<std::string> Hello::missing_scopes(command::Access access) const {
  std::vector<std::string> missing;
  for (const auto scope : kAllScopes) {
    if (command::asks_for(access, scope, protocol) && !grants(scope)) {
      missing.emplace_back(command::text(scope));
    }
  }
  return missing;
}

std::vector<std::string> Hello::can(command::Access access) const {
  std::vector<std::string> kinds;
  for (const auto& kind : command::kinds()) {
    const auto scope = kind.scope_in(protocol);
    const auto method = method_of(kind.name, protocol);
    const bool offered = !method.empty() && (methods.empty() || has_method(method));
    if (offered && command::asks_for(access, scope, protocol) && grants(scope)) {
      kinds.emplace_back(kind.name);
    }
  }
  return kinds;
}

Result<Hello> read_hello(simdjson::dom::element payload) {
  Skipped skipped;
  const auto members = Members::of(payload, skipped);
  if (!members || members->word("type") != "hello-ok") {
    return fail(ErrorCode::kInvalid, "the answer to connect is not a hello");
  }
  const auto protocol = value_of(members->count("protocol"));
  if (!protocol || *protocol < 1 || *protocol > kMaxProtocol) {
    return fail(ErrorCode::kInvalid, "a hello that names no protocol");
  }
  Hello hello;
  hello.protocol = static_cast<int>(*protocol);
  if (const auto server = members->object("server")) hello.server_version = server->word("version");
  if (const auto features = members->object("features")) {
    hello.methods = words_of(*features, "methods").value_or(std::vector<std::string>());
  }
  if (const auto auth = members->object("auth")) read_auth(*auth, hello);
  if (const auto policy = members->object("policy")) read_policy(*policy, hello);
  if (const auto snapshot = members->object("snapshot")) read_snapshot(*snapshot, hello);
  return hello;
}

}  // namespace cc::gateway::protocol
