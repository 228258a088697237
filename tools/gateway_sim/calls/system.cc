// The gateway itself: who is connected, how it is, which models it has.
#include "gateway_sim/calls/subjects.h"
#include "gateway_sim/json.h"
#include "gateway_sim/story/overview.h"

namespace cc::sim {
namespace {

using enum Kind;

Answer presence(const Call& call) {
  std::string out;
  JsonWriter json(out);
  write_presence_list(json, call.gateway.world(), call.gateway.protocol());
  return out;
}

Answer health(const Call& call) {
  return object_with([&](JsonWriter& json) {
    write_health(json, call.gateway.world(), call.gateway.protocol(), call.gateway.now());
  });
}

void write_tasks(JsonWriter& json, const World& world) {
  const auto active = static_cast<std::uint64_t>(world.runs().size());
  json.key("tasks").begin_object().field("total", active).field("active", active);
  json.raw(R"("terminal":0,"failures":0)").end_object();
}

void write_session_count(JsonWriter& json, const World& world) {
  json.key("sessions").begin_object().raw(R"~("paths":["(multiple)"])~");
  json.field("count", static_cast<std::uint64_t>(world.sessions().size()));
  json.raw(R"("recent":[],"byAgent":[])").end_object();
}

Answer status(const Call& call) {
  const World& world = call.gateway.world();
  return object_with([&](JsonWriter& json) {
    json.field("runtimeVersion", server_version(call.gateway.protocol()));
    json.key("heartbeat").begin_object().field("defaultAgentId", world.default_agent().id);
    json.raw(R"("agents":[])").end_object();
    json.raw(R"("channelSummary":[],"queuedSystemEvents":[])");
    write_tasks(json, world);
    write_session_count(json, world);
  });
}

Answer models(const Call& call) {
  const Agent& agent = call.gateway.world().default_agent();
  return object_with([&](JsonWriter& json) {
    json.key("models").begin_array().begin_object();
    json.field("id", agent.model).field("name", agent.model);
    json.field("provider", agent.provider).field("contextWindow", 200000);
    json.end_object().end_array();
  });
}

Answer last_heartbeat(const Call& /*call*/) {
  return "null";
}

constexpr std::array kHealth{Member{"probe", kBool}};
constexpr std::array kModels{Member{"view", kString}};

constexpr std::array kMethods{
    Method{"system-presence", kRead, {}, presence},
    Method{"health", kRead, kHealth, health},
    Method{"status", kRead, {}, status},
    Method{"models.list", kRead, kModels, models},
    Method{"last-heartbeat", kRead, {}, last_heartbeat},
};

}  // namespace

Methods system_methods() {
  return kMethods;
}

}  // namespace cc::sim
