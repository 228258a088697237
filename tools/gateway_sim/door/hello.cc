#include "gateway_sim/door/hello.h"

#include "gateway_sim/json.h"
#include "gateway_sim/story/overview.h"

namespace cc::sim {
namespace {

constexpr std::string_view kEvents =
    R"(["connect.challenge","agent","chat","session.message","session.tool","sessions.changed","presence","tick",)"
    R"("shutdown","health","heartbeat","cron","exec.approval.requested","exec.approval.resolved",)"
    R"("device.pair.requested","device.pair.resolved"])";

void write_server(JsonWriter& json, const ServerFacts& facts, const std::string& connection_id) {
  json.key("server").begin_object().field("version", server_version(facts.protocol));
  if (facts.protocol == Protocol::kV4) {
    json.field("buildId", "2026.9.6-sim")
        .field("bootId", facts.boot_id)
        .field("controlUiBuildSource", "bundled");
  }
  json.field("connId", connection_id).end_object();
}

void write_features(JsonWriter& json, Protocol protocol, const std::vector<std::string>& methods) {
  json.key("features").begin_object();
  write_strings(json, "methods", methods);
  json.key("events").raw(kEvents);
  if (protocol == Protocol::kV4) json.raw(R"("capabilities":["model-catalog-snapshot"])");
  json.end_object();
}

void write_session_defaults(JsonWriter& json, const World& world, Protocol protocol) {
  const std::string& agent = world.default_agent().id;
  json.key("sessionDefaults").begin_object().field("defaultAgentId", agent);
  if (protocol == Protocol::kV4) {
    json.raw(R"("modelConfigured":true,"ownership":"explicit","selectionRequired":false)");
  }
  json.field("mainKey", "main")
      .field("mainSessionKey", "agent:" + agent + ":main")
      .field("scope", "per-sender");
  json.end_object();
}

void write_snapshot(JsonWriter& json, const World& world, const ServerFacts& facts, TimeMs now) {
  json.key("snapshot").begin_object();
  if (facts.protocol == Protocol::kV4) {
    json.raw(R"("suspension":{"phase":"accepting"},"appliedConfigHash":"hmac-sha256:v1:sim")");
  }
  json.key("presence");
  write_presence_list(json, world, facts.protocol);
  json.key("health").begin_object();
  write_health(json, world, facts.protocol, now);
  json.end_object();
  json.key("stateVersion").begin_object().field("presence", facts.presence_version);
  json.field("health", facts.health_version).end_object();
  json.field("uptimeMs", now - facts.started_at);
  write_session_defaults(json, world, facts.protocol);
  json.field("configPath", "/home/user/.openclaw/openclaw.json")
      .field("stateDir", "/home/user/.openclaw");
  json.field("authMode", facts.auth_mode).end_object();
}

void write_policy(JsonWriter& json, const ServerFacts& facts) {
  json.key("policy").begin_object().field("maxPayload", 26'214'400);
  json.field("maxBufferedBytes", static_cast<std::uint64_t>(facts.max_buffered_bytes));
  json.field("tickIntervalMs", static_cast<std::int64_t>(facts.tick.count()));
  if (facts.protocol == Protocol::kV4) {
    json.raw(R"("attachments":{"maxBytes":19464192,"maxImageBytes":6291456})");
  }
  json.end_object();
}

void write_auth(JsonWriter& json, const ServerFacts& facts, const HelloAuth& auth) {
  json.key("auth").begin_object();
  if (facts.protocol == Protocol::kV4) json.field("method", auth.method);
  json.field("role", auth.role);
  write_strings(json, "scopes", auth.scopes);
  if (!auth.device_token.empty())
    json.field("deviceToken", auth.device_token).field("issuedAtMs", auth.issued_at);
  json.end_object();
}

}  // namespace

void write_hello(JsonWriter& json, const World& world, const ServerFacts& facts, const Hello& hello,
                 TimeMs now) {
  json.begin_object().field("type", "hello-ok").field("protocol", static_cast<int>(facts.protocol));
  write_server(json, facts, hello.connection_id);
  write_features(json, facts.protocol, hello.methods);
  write_snapshot(json, world, facts, now);
  write_auth(json, facts, hello.auth);
  write_policy(json, facts);
  json.end_object();
}

}  // namespace cc::sim
