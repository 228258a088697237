#include <algorithm>

#include "gateway_sim/calls/answers.h"
#include "gateway_sim/story/session_rows.h"

namespace cc::sim {
namespace {

constexpr std::int64_t kDefaultLimitV4 = 100;
constexpr std::int64_t kDefaultLimitOfTool = 50;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

bool matches(const Session& session, const SessionQuery& query) {
  if (!query.agent_id.empty() && session.agent_id != query.agent_id) return false;
  if (!query.label.empty() && session.label != query.label) return false;
  if (query.active_only && session.active_run.empty()) return false;
  if (!query.archived_too && session.archived) return false;
  if (query.active_minutes && session.updated_at < query.style.now - *query.active_minutes * 60'000)
    return false;
  return query.search.empty() || contains(session.key, query.search) ||
         contains(title_of(session), query.search);
}

std::vector<const Session*> select(const World& world, const SessionQuery& query) {
  std::vector<const Session*> found;
  found.reserve(world.sessions().size());
  for (const auto& session : world.sessions()) {
    if (matches(*session, query)) found.push_back(session.get());
  }
  std::sort(found.begin(), found.end(), [](const Session* left, const Session* right) {
    return left->updated_at != right->updated_at ? left->updated_at > right->updated_at
                                                 : left->key < right->key;
  });
  return found;
}

struct Page {
  std::int64_t begin;
  std::int64_t end;
  std::int64_t limit;
};

Page page_of(std::int64_t total, Protocol protocol, const SessionQuery& query) {
  const std::int64_t limit =
      query.limit.value_or(protocol == Protocol::kV4 ? kDefaultLimitV4 : total);
  const std::int64_t begin = protocol == Protocol::kV4 ? std::min(query.offset, total) : 0;
  return {begin, std::min(total, begin + limit), limit};
}

void write_paging(JsonWriter& json, const Page& page, std::int64_t total,
                  const SessionQuery& query) {
  const std::int64_t told = total + query.total_shift;
  json.field("totalCount", told).field("limitApplied", page.limit);
  if (query.offset != 0) json.field("offset", query.offset);
  json.key("nextOffset");
  if (page.end < total) {
    json.value(page.end);
  } else {
    json.null();
  }
  json.field("hasMore", page.end < total).raw(R"("owners":[])");
}

/// The worst that is going on in an agent's sessions.
std::string_view rest_status(const World& world, const Agent& agent) {
  for (const auto& approval : world.approvals()) {
    if (approval->agent_id == agent.id) return "waiting";
  }
  TimeMs last_end = 0;
  bool failed = false;
  bool working = false;
  for (const auto& session : world.sessions()) {
    if (session->agent_id != agent.id) continue;
    working = working || !session->active_run.empty();
    if (session->ended_at <= last_end) continue;
    last_end = session->ended_at;
    failed = session->status == RunStatus::kFailed || session->status == RunStatus::kTimeout;
  }
  return working ? "working" : failed ? "error" : "idle";
}

TimeMs last_active(const World& world, const Agent& agent) {
  TimeMs last = 0;
  for (const auto& session : world.sessions()) {
    if (session->agent_id == agent.id) last = std::max(last, session->updated_at);
  }
  return last;
}

}  // namespace

void write_sessions_list(JsonWriter& json, const World& world, Protocol protocol,
                         const SessionQuery& query) {
  const std::vector<const Session*> found = select(world, query);
  const auto total = static_cast<std::int64_t>(found.size());
  const Page page = page_of(total, protocol, query);
  json.begin_object()
      .field("ts", query.style.now)
      .field("path", "(multiple)")
      .field("count", page.end - page.begin);
  if (protocol == Protocol::kV4) write_paging(json, page, total, query);
  json.key("defaults");
  write_defaults(json, world.default_agent(), protocol);
  json.key("sessions").begin_array();
  for (std::int64_t i = page.begin; i < page.end; ++i) {
    write_session(json, *found[static_cast<std::size_t>(i)], protocol, query.style);
  }
  json.end_array().end_object();
}

std::string rest_agents(const World& world) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("agents").begin_array();
  for (const auto& agent : world.agents()) {
    json.begin_object().field("id", agent->id).field("name", agent->name);
    json.field("status", rest_status(world, *agent))
        .field("model", agent->provider + '/' + agent->model);
    json.field("workspace", agent->workspace).field("emoji", agent->emoji);
    json.field("lastActiveAt", last_active(world, *agent)).end_object();
  }
  json.end_array().end_object();
  return out;
}

void write_tool_sessions(JsonWriter& json, const World& world, const SessionQuery& query) {
  const std::vector<const Session*> found = select(world, query);
  const auto limit = std::max<std::int64_t>(query.limit.value_or(kDefaultLimitOfTool), 0);
  const auto count = std::min(found.size(), static_cast<std::size_t>(limit));
  json.begin_object()
      .field("count", static_cast<std::uint64_t>(count))
      .key("sessions")
      .begin_array();
  for (std::size_t i = 0; i < count; ++i) {
    const Session& session = *found[i];
    json.begin_object()
        .field("key", session.key)
        .field("agentId", session.agent_id)
        .field("kind", session.kind);
    json.field("channel", session.channel).field("displayName", title_of(session));
    json.field("updatedAt", session.updated_at)
        .field("sessionId", session.session_id)
        .field("model", session.model);
    json.field("contextTokens", 200000).field("abortedLastRun", session.aborted);
    if (session.usage) {
      json.field("totalTokens", session.usage->context)
          .field("estimatedCostUsd", session.usage->cost_usd);
    }
    if (has_run(session))
      json.field("status", word(session.status)).field("startedAt", session.started_at);
    if (session.ended_at != 0) json.field("endedAt", session.ended_at);
    json.end_object();
  }
  json.end_array().end_object();
}

void write_tool_agents(JsonWriter& json, const World& world) {
  json.begin_object()
      .field("requester", world.default_agent().id)
      .field("allowAny", true)
      .key("agents")
      .begin_array();
  for (const auto& agent : world.agents()) {
    json.begin_object().field("id", agent->id).field("name", agent->name).field("configured", true);
    json.field("model", agent->provider + '/' + agent->model).end_object();
  }
  json.end_array().end_object();
}

}  // namespace cc::sim
