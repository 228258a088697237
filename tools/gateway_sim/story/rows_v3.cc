#include "gateway_sim/story/rows.h"

namespace cc::sim {
namespace {

constexpr std::string_view kThinkingV3 =
    R"("thinkingLevels":[{"id":"off","label":"off"},{"id":"minimal","label":"minimal"},{"id":"low","label":"low"},)"
    R"({"id":"medium","label":"medium"},{"id":"high","label":"high"}],)"
    R"("thinkingOptions":["off","minimal","low","medium","high"],"thinkingDefault":"off")";

/// Within the grace for a retry a failed run is still shown as running.
bool shown_as_running(const Session& session, const RowStyle& style) {
  return session.status == RunStatus::kFailed && style.now < session.failing_until;
}

void write_names(JsonWriter& json, const Session& session) {
  if (session.label.empty()) return;
  json.field("label", session.label).field("displayName", session.label);
}

void write_v3_origin(JsonWriter& json, const Session& session) {
  if (!session.has_run()) return;
  json.field("chatType", "direct").key("origin").begin_object();
  json.field("provider", session.channel)
      .field("surface", session.channel)
      .field("chatType", "direct");
  json.end_object();
}

void write_flags(JsonWriter& json, const Session& session) {
  if (!session.has_run()) return;
  json.field("systemSent", true).field("abortedLastRun", session.aborted);
}

void write_tokens(JsonWriter& json, const Session& session) {
  if (session.usage)
    json.field("inputTokens", session.usage->input).field("outputTokens", session.usage->output);
}

void write_total(JsonWriter& json, const Session& session) {
  if (session.usage) json.field("totalTokens", session.usage->context);
  json.field("totalTokensFresh", session.usage.has_value());
}

void write_cost(JsonWriter& json, const Session& session) {
  if (session.usage) json.field("estimatedCostUsd", session.usage->cost_usd);
}

void write_run(JsonWriter& json, const Session& session, const RowStyle& style) {
  if (!session.has_run()) return;
  const bool running = shown_as_running(session, style);
  json.field("status", running ? "running" : word(session.status));
  if (session.started_at != 0) json.field("startedAt", session.started_at);
  if (session.ended_at == 0 || running) return;
  json.field("endedAt", session.ended_at).field("runtimeMs", session.ended_at - session.started_at);
}

void write_family(JsonWriter& json, const Session& session) {
  if (!session.parent_key.empty()) json.field("parentSessionKey", session.parent_key);
  if (session.children.empty()) return;
  json.key("childSessions").begin_array();
  for (const std::string& child : session.children) json.value(child);
  json.end_array();
}

void write_delivery(JsonWriter& json, const Session& session) {
  if (!session.has_run()) return;
  json.key("deliveryContext").begin_object().field("channel", session.channel).end_object();
}

void write_last_channel(JsonWriter& json, const Session& session) {
  if (session.has_run()) json.field("lastChannel", session.channel);
}

}  // namespace

void write_session_v3(JsonWriter& json, const Session& session, const RowStyle& style) {
  json.begin_object().field("key", session.key).field("kind", session.kind);
  write_names(json, session);
  if (style.derived_title) json.field("derivedTitle", session.title());
  if (style.last_message && !session.last_message.empty())
    json.field("lastMessagePreview", session.last_message);
  write_v3_origin(json, session);
  json.field("updatedAt", session.updated_at).field("sessionId", session.session_id);
  write_flags(json, session);
  if (!style.slim) json.raw(kThinkingV3);
  write_tokens(json, session);
  write_total(json, session);
  write_cost(json, session);
  write_run(json, session, style);
  if (!style.slim) write_family(json, session);
  json.field("modelProvider", session.provider).field("model", session.model);
  json.raw(R"("agentRuntime":{"id":"pi","source":"implicit"},"contextTokens":200000)");
  write_delivery(json, session);
  write_last_channel(json, session);
  json.end_object();
}

void write_flat_v3(JsonWriter& json, const Session& session, const RowStyle& style) {
  json.field("updatedAt", session.updated_at)
      .field("sessionId", session.session_id)
      .field("kind", session.kind);
  write_v3_origin(json, session);
  write_names(json, session);
  write_delivery(json, session);
  write_flags(json, session);
  write_tokens(json, session);
  write_last_channel(json, session);
  write_total(json, session);
  json.field("contextTokens", 200000);
  write_cost(json, session);
  json.field("modelProvider", session.provider).field("model", session.model);
  write_run(json, session, style);
}

}  // namespace cc::sim
