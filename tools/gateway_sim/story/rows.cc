#include "gateway_sim/story/rows.h"

#include "gateway_sim/json.h"

namespace cc::sim {
namespace {

constexpr std::string_view kThinking =
    R"("thinkingLevels":[{"id":"off","label":"off"}],"thinkingOptions":["off"],"thinkingDefault":"off")";
constexpr std::string_view kRuntimeV3 = R"("agentRuntime":{"id":"pi","source":"implicit"})";
constexpr std::string_view kRuntimeV4 =
    R"("agentRuntime":{"id":"auto","cloudPlacementSupported":false,"devicePlacementSupported":false,)"
    R"("source":"implicit"})";
constexpr std::string_view kApprovalPolicy =
    R"("nodeId":null,"host":"gateway","security":"allowlist","ask":"always","warningText":null)";
constexpr std::string_view kCommandAnalysisV4 =
    R"("scope":null,"commandAnalysis":{"commandCount":1,"nestedCommandCount":0,"riskKinds":[],)"
    R"("warningLines":[]},"unavailableDecisions":["allow-always"])";
constexpr std::string_view kTurnSource =
    R"("turnSourceChannel":"webchat","turnSourceTo":null,"turnSourceAccountId":null,"turnSourceThreadId":null)";

void optional_text(JsonWriter& json, std::string_view name, const std::string& text) {
  if (!text.empty()) json.field(name, text);
}

void write_identity(JsonWriter& json, const Agent& agent) {
  if (agent.emoji.empty()) return;
  json.key("identity")
      .begin_object()
      .field("name", agent.name)
      .field("emoji", agent.emoji)
      .end_object();
}

void write_creation(JsonWriter& json, const Agent& agent) {
  json.field("createdVia", "operator").key("creatorAgentId").null();
  json.field("createdAt", agent.created_at);
}

void write_asking_run(JsonWriter& json, const Approval& approval) {
  json.key("sessionId").null().field("runId", approval.run_id);
  json.field("toolCallId", approval.tool_call_id);
}

/// The gateway lists itself with a text of its own.
std::string presence_text(const PresenceEntry& entry) {
  if (entry.mode != "gateway") {
    return "Node: " + (entry.host.empty() ? "unknown" : entry.host) + " · mode " + entry.mode;
  }
  return "Gateway: " + entry.host + " (192.0.2.2) · app " + entry.version +
         " · mode gateway · reason self";
}

}  // namespace

void write_session(JsonWriter& json, const Session& session, Protocol protocol,
                   const RowStyle& style) {
  protocol == Protocol::kV3 ? write_session_v3(json, session, style)
                            : write_session_v4(json, session, style);
}

void write_flat(JsonWriter& json, const Session& session, Protocol protocol,
                const RowStyle& style) {
  protocol == Protocol::kV3 ? write_flat_v3(json, session, style)
                            : write_flat_v4(json, session, style);
}

void write_agent(JsonWriter& json, const Agent& agent, Protocol protocol) {
  json.begin_object().field("id", agent.id).field("name", agent.name);
  write_identity(json, agent);
  json.field("workspace", agent.workspace);
  if (protocol == Protocol::kV3) {
    json.raw(kRuntimeV3);
  } else {
    json.field("workspaceGit", false).raw(kRuntimeV4).raw(kThinking);
  }
  json.key("model").begin_object().field("primary", agent.provider + '/' + agent.model);
  json.end_object();
  if (protocol == Protocol::kV4 && agent.made_by_operator) write_creation(json, agent);
  json.end_object();
}

void write_presence(JsonWriter& json, const PresenceEntry& entry, Protocol protocol) {
  json.begin_object();
  optional_text(json, "host", entry.host);
  if (entry.mode == "gateway") json.field("ip", "192.0.2.2");
  optional_text(json, "version", entry.version);
  optional_text(json, "platform", entry.platform);
  optional_text(json, "deviceFamily", entry.device_family);
  json.field("mode", entry.mode).field("reason", entry.reason);
  optional_text(json, "deviceId", entry.device_id);
  optional_text(json, "instanceId", entry.instance_id);
  if (!entry.roles.empty()) write_strings(json, "roles", entry.roles);
  if (!entry.scopes.empty()) write_strings(json, "scopes", entry.scopes);
  if (protocol == Protocol::kV4 && entry.mode != "gateway") {
    optional_text(json, "clientId", entry.client_id);
    json.field("onlineSince", entry.since);
  }
  json.field("ts", entry.at).field("text", presence_text(entry)).end_object();
}

void write_defaults(JsonWriter& json, const Agent& agent, Protocol protocol) {
  const bool v4 = protocol == Protocol::kV4;
  json.begin_object().field("modelProvider", agent.provider).field("model", agent.model);
  json.field("contextTokens", 200000);
  if (v4) json.raw(kRuntimeV4);
  json.raw(kThinking);
  if (v4) json.field("modelSelectionTarget", "session");
  json.end_object();
}

void write_approval_request(JsonWriter& json, const Approval& approval, Protocol protocol) {
  const bool v4 = protocol == Protocol::kV4;
  json.begin_object().field("command", approval.command);
  json.raw(R"("systemRunBinding":null,"systemRunPlan":null)");
  json.field("cwd", "/home/user/.openclaw/workspace-" + approval.agent_id);
  json.raw(kApprovalPolicy);
  if (v4) json.raw(kCommandAnalysisV4);
  json.raw(R"("allowedDecisions":["allow-once","deny"])");
  json.field("agentId", approval.agent_id).field("resolvedPath", "/usr/bin/env");
  json.field("sessionKey", approval.session_key);
  if (v4) write_asking_run(json, approval);
  json.raw(kTurnSource);
  if (v4) json.raw(R"("cronExecutionSource":null,"cronOperationBinding":null)");
  json.end_object();
}

void write_approval(JsonWriter& json, const Approval& approval, Protocol protocol) {
  json.begin_object();
  if (protocol == Protocol::kV4) json.field("approvalKind", "exec");
  json.field("id", approval.id).key("request");
  write_approval_request(json, approval, protocol);
  json.field("createdAtMs", approval.created_at)
      .field("expiresAtMs", approval.expires_at)
      .end_object();
}

}  // namespace cc::sim
