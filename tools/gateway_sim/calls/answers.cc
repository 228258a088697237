#include "gateway_sim/calls/answers.h"

namespace cc::sim {
namespace {

constexpr std::string_view kEvents =
    R"(["connect.challenge","agent","chat","session.message","session.tool","sessions.changed","presence","tick",)"
    R"("shutdown","health","heartbeat","cron","exec.approval.requested","exec.approval.resolved",)"
    R"("device.pair.requested","device.pair.resolved"])";

void write_strings(JsonWriter& json, std::string_view name, const std::vector<std::string>& items) {
  json.key(name).begin_array();
  for (const std::string& item : items) json.value(item);
  json.end_array();
}

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
  if (facts.protocol == Protocol::kV4) json.raw(R"("suspension":{"phase":"accepting"})");
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

void write_self(JsonWriter& json, Protocol protocol) {
  PresenceEntry self;
  self.host = "gateway-sim";
  self.version = server_version(protocol);
  self.platform = "linux";
  self.device_family = "Linux";
  self.mode = "gateway";
  self.reason = "self";
  if (protocol == Protocol::kV4) self.instance_id = "00000000-0000-4000-a000-000000000001";
  write_presence(json, self, protocol);
}

}  // namespace

std::string_view server_version(Protocol protocol) {
  return protocol == Protocol::kV3 ? "2026.4.29" : "2026.9.6";
}

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

void write_agents_list(JsonWriter& json, const World& world, Protocol protocol) {
  json.begin_object().field("defaultId", world.default_agent().id);
  if (protocol == Protocol::kV4)
    json.field("ownership", "explicit").field("selectionRequired", false);
  json.field("mainKey", "main").field("scope", "per-sender").key("agents").begin_array();
  for (const auto& agent : world.agents()) write_agent(json, *agent, protocol);
  json.end_array().end_object();
}

void write_presence_list(JsonWriter& json, const World& world, Protocol protocol) {
  json.begin_array();
  write_self(json, protocol);
  for (const auto& entry : world.clients()) write_presence(json, *entry, protocol);
  for (const auto& entry : world.devices()) write_presence(json, *entry, protocol);
  json.end_array();
}

void write_health(JsonWriter& json, const World& world, Protocol protocol, TimeMs now) {
  json.field("ok", true).field("ts", now).field("durationMs", 12);
  if (protocol == Protocol::kV4) json.raw(R"("configReload":{"hotReloadStatus":"active"})");
  json.raw(R"("channels":{},"channelOrder":[],"channelLabels":{},"heartbeatSeconds":0)");
  json.field("defaultAgentId", world.default_agent().id).key("agents").begin_array();
  const std::vector<std::size_t> counts = world.session_counts();
  for (std::size_t i = 0; i < world.agents().size(); ++i) {
    const Agent& agent = world.agents().at(i);
    json.begin_object()
        .field("agentId", agent.id)
        .field("name", agent.name)
        .field("isDefault", agent.is_default);
    json.raw(
        R"("heartbeat":{"enabled":false,"every":"disabled","everyMs":null,"prompt":"","target":"owner","ackMaxChars":300})");
    json.key("sessions").begin_object().field("path", "/home/user/.openclaw/agents/" + agent.id);
    json.field("count", static_cast<std::uint64_t>(counts[i]))
        .raw(R"("recent":[])")
        .end_object()
        .end_object();
  }
  json.end_array().key("sessions").begin_object().field("path", "(multiple)");
  json.field("count", static_cast<std::uint64_t>(world.sessions().size()))
      .raw(R"("recent":[])")
      .end_object();
  if (protocol == Protocol::kV3) return;
  json.raw(
      R"("eventLoop":{"degraded":false,"degradedSinceMs":null,"reasons":[],"intervalMs":1001.1,"delayP99Ms":31.3,)"
      R"("delayMaxMs":31.3,"utilization":0.03,"cpuCoreRatio":0.04})");
}

void write_status(JsonWriter& json, const World& world, Protocol protocol, TimeMs /*now*/) {
  const auto active = static_cast<std::uint64_t>(world.runs().size());
  json.begin_object().field("runtimeVersion", server_version(protocol));
  json.key("heartbeat")
      .begin_object()
      .field("defaultAgentId", world.default_agent().id)
      .raw(R"("agents":[])");
  json.end_object().raw(R"("channelSummary":[],"queuedSystemEvents":[])");
  json.key("tasks")
      .begin_object()
      .field("total", active)
      .field("active", active)
      .raw(R"("terminal":0,"failures":0)");
  json.end_object().key("sessions").begin_object().raw(R"~("paths":["(multiple)"])~");
  json.field("count", static_cast<std::uint64_t>(world.sessions().size()))
      .raw(R"("recent":[],"byAgent":[])");
  json.end_object().end_object();
}

Event presence_event(const World& world, Protocol protocol) {
  Event event =
      make_event("presence", protocol == Protocol::kV3 ? Audience::kAll : Audience::kReaders,
                 [&](JsonWriter& json) {
                   json.key("presence");
                   write_presence_list(json, world, protocol);
                 });
  event.droppable = event.with_state_version = true;
  return event;
}

Event health_event(const World& world, Protocol protocol, TimeMs now) {
  Event event = make_event("health", Audience::kAll,
                           [&](JsonWriter& json) { write_health(json, world, protocol, now); });
  event.droppable = event.with_state_version = true;
  return event;
}

}  // namespace cc::sim
