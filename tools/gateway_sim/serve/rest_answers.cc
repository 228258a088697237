#include "gateway_sim/serve/rest_answers.h"

#include <algorithm>

#include "gateway_sim/json.h"

namespace cc::sim {
namespace {

constexpr std::int64_t kDefaultLimitOfTool = 50;

/// What the sessions of one agent say together.
struct Doings {
  bool working = false;
  bool failed = false;  // the latest run to end did
  TimeMs last_end = 0;
  TimeMs last_active = 0;
};

void take_in(Doings& doings, const Session& session) {
  doings.working = doings.working || !session.active_run.empty();
  doings.last_active = std::max(doings.last_active, session.updated_at);
  if (session.ended_at <= doings.last_end) return;
  doings.last_end = session.ended_at;
  doings.failed = session.status == RunStatus::kFailed || session.status == RunStatus::kTimeout;
}

Doings doings_of(const World& world, const Agent& agent) {
  Doings doings;
  for (const auto& session : world.sessions()) {
    if (session->agent_id == agent.id) take_in(doings, *session);
  }
  return doings;
}

bool is_asking(const World& world, const Agent& agent) {
  return std::any_of(world.approvals().begin(), world.approvals().end(),
                     [&](const auto& approval) { return approval->agent_id == agent.id; });
}

/// The worst that is going on.
std::string_view status_of(const World& world, const Agent& agent, const Doings& doings) {
  if (is_asking(world, agent)) return "waiting";
  return doings.working ? "working" : doings.failed ? "error" : "idle";
}

void write_rest_agent(JsonWriter& json, const World& world, const Agent& agent) {
  const Doings doings = doings_of(world, agent);
  json.begin_object().field("id", agent.id).field("name", agent.name);
  json.field("status", status_of(world, agent, doings));
  json.field("model", agent.provider + '/' + agent.model);
  json.field("workspace", agent.workspace).field("emoji", agent.emoji);
  json.field("lastActiveAt", doings.last_active).end_object();
}

void write_tool_run(JsonWriter& json, const Session& session) {
  if (session.usage) {
    json.field("totalTokens", session.usage->context);
    json.field("estimatedCostUsd", session.usage->cost_usd);
  }
  if (session.has_run()) {
    json.field("status", word(session.status)).field("startedAt", session.started_at);
  }
  if (session.ended_at != 0) json.field("endedAt", session.ended_at);
}

void write_tool_session(JsonWriter& json, const Session& session) {
  json.begin_object().field("key", session.key).field("agentId", session.agent_id);
  json.field("kind", session.kind).field("channel", session.channel);
  json.field("displayName", session.title()).field("updatedAt", session.updated_at);
  json.field("sessionId", session.session_id).field("model", session.model);
  json.field("contextTokens", 200000).field("abortedLastRun", session.aborted);
  write_tool_run(json, session);
  json.end_object();
}

void write_tool_agent(JsonWriter& json, const Agent& agent) {
  json.begin_object().field("id", agent.id).field("name", agent.name).field("configured", true);
  json.field("model", agent.provider + '/' + agent.model).end_object();
}

}  // namespace

std::string rest_agents(const World& world) {
  return object_with([&](JsonWriter& json) {
    json.key("agents").begin_array();
    for (const auto& agent : world.agents()) write_rest_agent(json, world, *agent);
    json.end_array();
  });
}

std::string tool_sessions(const World& world, const SessionQuery& query) {
  std::vector<const Session*> found = select_sessions(world, query);
  const auto limit = std::max<std::int64_t>(query.limit.value_or(kDefaultLimitOfTool), 0);
  found.resize(std::min(found.size(), static_cast<std::size_t>(limit)));
  return object_with([&](JsonWriter& json) {
    json.field("count", static_cast<std::uint64_t>(found.size())).key("sessions").begin_array();
    for (const Session* session : found) write_tool_session(json, *session);
    json.end_array();
  });
}

std::string tool_agents(const World& world) {
  return object_with([&](JsonWriter& json) {
    json.field("requester", world.default_agent().id).field("allowAny", true);
    json.key("agents").begin_array();
    for (const auto& agent : world.agents()) write_tool_agent(json, *agent);
    json.end_array();
  });
}

}  // namespace cc::sim
