#include "gateway_sim/story/overview.h"

#include "gateway_sim/story/rows.h"

namespace cc::sim {
namespace {

constexpr std::string_view kHeartbeat =
    R"("heartbeat":{"enabled":false,"every":"disabled","everyMs":null,"prompt":"","target":"owner","ackMaxChars":300})";
constexpr std::string_view kEventLoop =
    R"("eventLoop":{"degraded":false,"degradedSinceMs":null,"reasons":[],"intervalMs":1001.1,"delayP99Ms":31.3,)"
    R"("delayMaxMs":31.3,"utilization":0.03,"cpuCoreRatio":0.04})";

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

void write_session_count(JsonWriter& json, const std::string& path, std::size_t count) {
  json.key("sessions").begin_object().field("path", path);
  json.field("count", static_cast<std::uint64_t>(count)).raw(R"("recent":[])").end_object();
}

void write_agent_health(JsonWriter& json, const Agent& agent, std::size_t sessions) {
  json.begin_object().field("agentId", agent.id).field("name", agent.name);
  json.field("isDefault", agent.is_default).raw(kHeartbeat);
  write_session_count(json, "/home/user/.openclaw/agents/" + agent.id, sessions);
  json.end_object();
}

}  // namespace

std::string_view server_version(Protocol protocol) {
  return protocol == Protocol::kV3 ? "2026.4.29" : "2026.9.6";
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
  for (std::size_t i = 0; i < counts.size(); ++i) {
    write_agent_health(json, world.agents().at(i), counts[i]);
  }
  json.end_array();
  write_session_count(json, "(multiple)", world.sessions().size());
  if (protocol == Protocol::kV4) json.raw(kEventLoop);
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
