#include "gateway_sim/json.h"
#include "gateway_sim/story/rows.h"

namespace cc::sim {
namespace {

constexpr std::string_view kThinkingV4 =
    R"("thinkingLevels":[{"id":"off","label":"off"}],"thinkingOptions":["off"],"thinkingDefault":"off",)"
    R"("effectiveFastMode":false,"effectiveFastModeSource":"default","fastAutoOnSeconds":60)";
constexpr std::string_view kRuntime =
    R"("agentRuntime":{"id":"openclaw","cloudPlacementSupported":true,"cloudPlacementExecutionMode":"worker-turn",)"
    R"("devicePlacement":{"requiredNodeCommands":[],"consumesWorkerSlot":true},"devicePlacementSupported":true,)"
    R"("source":"implicit"})";
constexpr std::string_view kParticipant =
    R"([{"identity":{"type":"observation","pluginId":null,"accountId":null,"senderKind":"unknown",)"
    R"("id":"gateway-client"}}])";
constexpr std::string_view kSummary =
    R"("activitySummary":{"state":"unavailable","canEnsure":true})";

std::string_view classification(const Session& session) {
  if (session.is_main()) return "main";
  return session.has_run() ? "direct" : "custom";
}

bool busy(const Session& session) {
  return !session.active_run.empty();
}

void time_or_null(JsonWriter& json, std::string_view name, TimeMs time) {
  json.key(name);
  if (time == 0) {
    json.null();
  } else {
    json.value(time);
  }
}

void write_active_ids(JsonWriter& json, const Session& session) {
  json.key("activeRunIds").begin_array();
  if (busy(session)) json.value(session.active_run);
  json.end_array();
}

void write_participants(JsonWriter& json, const Session& session, std::string_view name) {
  json.key(name).raw(session.has_run() ? kParticipant : "[]");
}

void write_usage(JsonWriter& json, const Session& session) {
  if (session.usage) {
    json.field("inputTokens", session.usage->input).field("outputTokens", session.usage->output);
    json.field("totalTokens", session.usage->context);
  }
  json.field("totalTokensFresh", session.usage.has_value());
}

void write_budget(JsonWriter& json, const Session& session) {
  json.key("contextBudgetStatus").begin_object();
  json.field("schemaVersion", 1).field("source", "pre-prompt-estimate");
  json.field("updatedAt", session.started_at)
      .field("provider", session.provider)
      .field("model", session.model);
  json.raw(
      R"("route":"fits","shouldCompact":false,"estimatedPromptTokens":12804,"contextTokenBudget":200000,)"
      R"("promptBudgetBeforeReserve":180000,"reserveTokens":20000,"effectiveReserveTokens":20000,)"
      R"("remainingPromptBudgetTokens":167196,"overflowTokens":0,"toolResultReducibleChars":0,"messageCount":4,)"
      R"("unwindowedMessageCount":4)");
  json.field("sessionId", session.session_id).end_object();
}

void write_placement(JsonWriter& json, const Session& session) {
  json.key("placement").begin_object().field("state", "local").field("generation", 0);
  json.field("createdAtMs", session.created_at).field("updatedAtMs", session.updated_at);
  json.field("stateChangedAtMs", session.created_at).end_object();
}

void write_children(JsonWriter& json, const Session& session) {
  if (session.children.empty()) return;
  json.key("childSessions").begin_array();
  for (const std::string& child : session.children) json.value(child);
  json.end_array();
}

void write_v4_origin(JsonWriter& json, const Session& session) {
  json.field("visibility", "shared").field("permissionModePending", false);
  if (!session.is_main()) json.field("spawnDepth", 0);
  json.field("createdVia", "operator");
}

void write_run_result(JsonWriter& json, const Session& session) {
  if (!session.has_run()) return;
  json.field("status", word(session.status));
  if (session.started_at != 0) json.field("startedAt", session.started_at);
  if (session.ended_at == 0) return;
  json.field("endedAt", session.ended_at).field("runtimeMs", session.ended_at - session.started_at);
}

void write_people(JsonWriter& json, const Session& session) {
  if (!session.has_run()) return;
  write_participants(json, session, "participants");
  write_participants(json, session, "expandedParticipants");
  json.field("participantCount", 1);
}

void write_titles(JsonWriter& json, const Session& session, const RowStyle& style) {
  if (!session.label.empty()) json.field("displayName", session.label);
  if (style.derived_title) json.field("derivedTitle", session.title());
  if (style.last_message && !session.last_message.empty())
    json.field("lastMessagePreview", session.last_message);
}

void write_model(JsonWriter& json, const Session& session) {
  json.field("modelProvider", session.provider).field("model", session.model);
  text_or_null(json, "modelOverrideSource", session.model_overridden ? "user" : "");
  json.field("runtimeSelectionLocked", false);
}

void write_history(JsonWriter& json, const Session& session) {
  if (session.has_run()) json.field("lastInteractionAt", session.last_interaction_at);
  json.field("sessionId", session.session_id);
  if (session.has_run()) json.field("systemSent", true).field("abortedLastRun", session.aborted);
}

void write_last_run(JsonWriter& json, const Session& session) {
  if (!session.last_run.empty()) json.field("lastRunId", session.last_run);
  if (!session.last_error.empty()) json.field("lastRunError", session.last_error);
}

/// The flat copy's members that are null on every session of a gateway with one person.
void write_flat_nulls(JsonWriter& json) {
  json.raw(
      R"("archivedAt":null,"archivedBy":null,"archiveReason":null,"pinnedAt":null,"markedUnreadAt":null,)"
      R"("agentStatus":null,"observerDigest":null,"controlOwnerSessionKey":null,"swarm":null,"permissionMode":null,)"
      R"("autoLabel":null,"icon":null,"color":null,"channelAvatarUrl":null,"category":null,)"
      R"("boardPresentation":null,"thinkingLevel":null,"toolOverrides":null,"restartRecoveryStatus":null,)"
      R"("goal":null,"activeModelProvider":null,"activeModel":null,"providerReview":null,"placementMove":null,)"
      R"("createdActor":null,"owner":null)");
}

void write_flat_run(JsonWriter& json, const Session& session, const RowStyle& style) {
  if (session.has_run()) json.field("status", word(session.status));
  text_or_null(json, "lastRunError", session.last_error);
  text_or_null(json, "lastRunId", session.last_run);
  json.field("hasAutomation", false).field("hasActiveRun", busy(session));
  if (style.runs_unknown) {
    json.key("activeRunIds").null();
  } else {
    write_active_ids(json, session);
  }
  if (session.started_at != 0) json.field("startedAt", session.started_at);
  time_or_null(json, "endedAt", session.ended_at);
  time_or_null(json, "runtimeMs",
               session.ended_at == 0 ? 0 : session.ended_at - session.started_at);
}

// The object's members, a group at a time.

void write_names(JsonWriter& json, const Session& session, const RowStyle& style) {
  json.field("createdAt", session.created_at).field("kind", session.kind);
  if (!session.label.empty()) json.field("label", session.label);
  json.field("classification", classification(session)).field("agentId", session.agent_id);
  json.field("isMain", session.is_main()).field("isBackground", false);
  write_titles(json, session, style);
}

void write_marks(JsonWriter& json, const Session& session) {
  json.field("archived", session.archived).field("pinned", session.pinned);
  json.field("unread", session.has_run());
}

void write_figures(JsonWriter& json, const Session& session) {
  write_usage(json, session);
  if (session.usage) json.field("estimatedCostUsd", session.usage->cost_usd);
}

void write_family(JsonWriter& json, const Session& session, const RowStyle& style) {
  if (!style.slim) write_children(json, session);
  if (!session.parent_key.empty()) json.field("parentSessionKey", session.parent_key);
}

void write_settings(JsonWriter& json, const Session& session, const RowStyle& style) {
  json.field("effectiveResponseUsage", "off").field("effectiveQueueMode", "steer");
  write_model(json, session);
  if (!style.slim) json.raw(kRuntime);
  json.field("contextTokens", 200000);
  if (!style.slim && session.has_run()) write_budget(json, session);
}

void write_activity(JsonWriter& json, const Session& session, const RowStyle& style) {
  json.field("snapshotAt", style.now);
  if (session.has_run()) write_placement(json, session);
  if (!style.slim) json.raw(kSummary);
  json.field("hasActiveRun", busy(session));
  if (!style.runs_unknown) write_active_ids(json, session);
}

// The flat copy's members, a group at a time.

void write_flat_people(JsonWriter& json, const Session& session) {
  write_participants(json, session, "participants");
  json.field("participantCount", session.has_run() ? 1 : 0).field("kind", session.kind);
  if (session.has_run()) json.field("chatType", "direct");
}

void write_flat_names(JsonWriter& json, const Session& session) {
  json.field("createdAt", session.created_at);
  text_or_null(json, "label", session.label);
  text_or_null(json, "displayName", session.label);
}

void write_flat_family(JsonWriter& json, const Session& session) {
  if (!session.parent_key.empty()) json.field("parentSessionKey", session.parent_key);
  write_children(json, session);
}

void write_flat_figures(JsonWriter& json, const Session& session) {
  json.raw(
      R"("effectiveFastMode":false,"effectiveFastModeSource":"default","fastAutoOnSeconds":60)");
  if (session.has_run()) json.field("systemSent", true).field("abortedLastRun", session.aborted);
  write_usage(json, session);
  json.field("contextTokens", 200000);
  if (session.has_run()) {
    write_budget(json, session);
  } else {
    json.key("contextBudgetStatus").null();
  }
  if (session.usage) json.field("estimatedCostUsd", session.usage->cost_usd);
}

void write_flat_placement(JsonWriter& json, const Session& session) {
  if (session.has_run()) {
    write_placement(json, session);
  } else {
    json.key("placement").null();
  }
}

/// What a slim copy leaves out.
void write_flat_rest(JsonWriter& json, const Session& session, const RowStyle& style) {
  write_flat_people(json, session);
  write_marks(json, session);
  json.raw(kSummary);
  write_v4_origin(json, session);
  write_flat_names(json, session);
  write_flat_nulls(json);
  write_flat_family(json, session);
  write_flat_figures(json, session);
  json.field("effectiveResponseUsage", "off");
  write_model(json, session);
  json.raw(kRuntime);
  write_flat_run(json, session, style);
  write_flat_placement(json, session);
  json.field("sharingRole", "admin");
}

}  // namespace

void write_session_v4(JsonWriter& json, const Session& session, const RowStyle& style) {
  json.begin_object().field("key", session.key);
  write_v4_origin(json, session);
  if (!style.slim) write_people(json, session);
  write_names(json, session, style);
  if (session.has_run()) json.field("chatType", "direct");
  json.field("updatedAt", session.updated_at);
  write_marks(json, session);
  write_history(json, session);
  if (!style.slim) json.raw(kThinkingV4);
  write_figures(json, session);
  write_run_result(json, session);
  write_last_run(json, session);
  write_family(json, session, style);
  write_settings(json, session, style);
  write_activity(json, session, style);
  json.field("sharingRole", "admin").end_object();
}

void write_flat_v4(JsonWriter& json, const Session& session, const RowStyle& style) {
  json.field("updatedAt", session.updated_at).field("sessionId", session.session_id);
  if (style.slim) {
    write_flat_run(json, session, style);
  } else {
    write_flat_rest(json, session, style);
  }
}

}  // namespace cc::sim
