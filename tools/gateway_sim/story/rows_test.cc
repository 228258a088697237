// The rows must have the members that real gateways were recorded to send, no more and no fewer.
#include "gateway_sim/story/rows.h"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway_sim/testing/members.h"

namespace cc::sim {
namespace {

using ::testing::Contains;
using ::testing::IsSubsetOf;
using ::testing::Not;
using ::testing::UnorderedElementsAreArray;

constexpr TimeMs kNow = 1'795'351'000'000;

Session idle_session() {
  Session session;
  session.key = "agent:otto:research";
  session.agent_id = "otto";
  session.session_id = "97226ade-5f5b-4509-b7dc-123931ae57ef";
  session.label = "Label research";
  session.provider = "fake";
  session.model = "fake-smart";
  session.parent_key = "agent:otto:main";
  session.created_at = session.updated_at = kNow - 5000;
  return session;
}

Session ended_session() {
  Session session = idle_session();
  session.status = RunStatus::kDone;
  session.started_at = kNow - 3000;
  session.ended_at = kNow - 1000;
  session.last_run = "k-5a640b03";
  session.usage = Usage{1200, 80, 1200, 0.0048};
  return session;
}

boost::json::object row(const Session& session, Protocol protocol, RowStyle style = {.now = kNow}) {
  std::string out;
  JsonWriter json(out);
  write_session(json, session, protocol, style);
  return parsed(out);
}

boost::json::object flat(const Session& session, Protocol protocol,
                         RowStyle style = {.now = kNow}) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  write_flat(json, session, protocol, style);
  json.end_object();
  return parsed(out);
}

TEST(RowsV3, ASessionThatNeverRan) {
  Session session = idle_session();
  session.parent_key.clear();
  EXPECT_THAT(names_of(row(session, Protocol::kV3)),
              UnorderedElementsAreArray({"key", "kind", "label", "displayName", "updatedAt",
                                         "sessionId", "thinkingLevels", "thinkingOptions",
                                         "thinkingDefault", "totalTokensFresh", "modelProvider",
                                         "model", "agentRuntime", "contextTokens"}));
}

TEST(RowsV3, ASessionThatRan) {
  Session session = ended_session();
  session.label.clear();
  session.parent_key.clear();
  EXPECT_THAT(names_of(row(session, Protocol::kV3)), UnorderedElementsAreArray({"key",
                                                                                "kind",
                                                                                "chatType",
                                                                                "origin",
                                                                                "updatedAt",
                                                                                "sessionId",
                                                                                "systemSent",
                                                                                "abortedLastRun",
                                                                                "thinkingLevels",
                                                                                "thinkingOptions",
                                                                                "thinkingDefault",
                                                                                "inputTokens",
                                                                                "outputTokens",
                                                                                "totalTokens",
                                                                                "totalTokensFresh",
                                                                                "estimatedCostUsd",
                                                                                "status",
                                                                                "startedAt",
                                                                                "endedAt",
                                                                                "runtimeMs",
                                                                                "modelProvider",
                                                                                "model",
                                                                                "agentRuntime",
                                                                                "contextTokens",
                                                                                "deliveryContext",
                                                                                "lastChannel"}));
}

TEST(RowsV3, TheFlatCopyHasNoKey) {
  Session session = ended_session();
  EXPECT_THAT(names_of(flat(session, Protocol::kV3)),
              UnorderedElementsAreArray({"updatedAt",      "sessionId",        "kind",
                                         "chatType",       "origin",           "label",
                                         "displayName",    "deliveryContext",  "systemSent",
                                         "abortedLastRun", "inputTokens",      "outputTokens",
                                         "lastChannel",    "totalTokens",      "totalTokensFresh",
                                         "contextTokens",  "estimatedCostUsd", "modelProvider",
                                         "model",          "status",           "startedAt",
                                         "endedAt",        "runtimeMs"}));
}

TEST(RowsV3, AFailedRunIsShownAsRunningWithinTheGrace) {
  Session session = ended_session();
  session.status = RunStatus::kFailed;
  session.failing_until = kNow + 1;
  EXPECT_EQ(row(session, Protocol::kV3).at("status"), "running");
  EXPECT_FALSE(row(session, Protocol::kV3).contains("endedAt"));
  EXPECT_EQ(row(session, Protocol::kV3, {.now = kNow + 1}).at("status"), "failed");
}

TEST(RowsV4, ASessionThatNeverRan) {
  EXPECT_THAT(names_of(row(idle_session(), Protocol::kV4)),
              UnorderedElementsAreArray({"key",
                                         "visibility",
                                         "permissionModePending",
                                         "spawnDepth",
                                         "createdVia",
                                         "createdAt",
                                         "kind",
                                         "label",
                                         "classification",
                                         "agentId",
                                         "isMain",
                                         "isBackground",
                                         "displayName",
                                         "updatedAt",
                                         "archived",
                                         "pinned",
                                         "unread",
                                         "sessionId",
                                         "thinkingLevels",
                                         "thinkingOptions",
                                         "thinkingDefault",
                                         "effectiveFastMode",
                                         "effectiveFastModeSource",
                                         "fastAutoOnSeconds",
                                         "totalTokensFresh",
                                         "parentSessionKey",
                                         "effectiveResponseUsage",
                                         "effectiveQueueMode",
                                         "modelProvider",
                                         "model",
                                         "modelOverrideSource",
                                         "runtimeSelectionLocked",
                                         "agentRuntime",
                                         "contextTokens",
                                         "snapshotAt",
                                         "activitySummary",
                                         "hasActiveRun",
                                         "activeRunIds",
                                         "sharingRole"}));
}

TEST(RowsV4, ASessionThatRanHasOnlyRecordedMembers) {
  const Names recorded{"key",
                       "visibility",
                       "permissionModePending",
                       "createdVia",
                       "participants",
                       "expandedParticipants",
                       "participantCount",
                       "createdAt",
                       "kind",
                       "classification",
                       "agentId",
                       "isMain",
                       "isBackground",
                       "lastMessagePreview",
                       "chatType",
                       "updatedAt",
                       "archived",
                       "pinned",
                       "unread",
                       "lastInteractionAt",
                       "sessionId",
                       "systemSent",
                       "abortedLastRun",
                       "thinkingLevels",
                       "thinkingOptions",
                       "thinkingDefault",
                       "effectiveFastMode",
                       "effectiveFastModeSource",
                       "fastAutoOnSeconds",
                       "inputTokens",
                       "outputTokens",
                       "totalTokens",
                       "totalTokensFresh",
                       "estimatedCostUsd",
                       "status",
                       "startedAt",
                       "endedAt",
                       "runtimeMs",
                       "lastRunId",
                       "childSessions",
                       "effectiveResponseUsage",
                       "effectiveQueueMode",
                       "modelProvider",
                       "model",
                       "modelOverrideSource",
                       "runtimeSelectionLocked",
                       "agentRuntime",
                       "contextTokens",
                       "contextBudgetStatus",
                       "snapshotAt",
                       "placement",
                       "activitySummary",
                       "hasActiveRun",
                       "activeRunIds",
                       "sharingRole",
                       "activeModelProvider",
                       "activeModel",
                       "spawnDepth",
                       "label",
                       "displayName",
                       "parentSessionKey",
                       "lastRunError",
                       "derivedTitle",
                       "createdActor",
                       "thinkingLevel",
                       "hasAutomation"};
  const boost::json::object shown =
      row(ended_session(), Protocol::kV4, {.now = kNow, .derived_title = true});
  EXPECT_THAT(names_of(shown), IsSubsetOf(recorded));
  EXPECT_EQ(shown.at("status"), "done");
  EXPECT_EQ(shown.at("runtimeMs"), 2000);
  EXPECT_EQ(shown.at("snapshotAt"), kNow);
  EXPECT_EQ(shown.at("activeRunIds").as_array().size(), 0U);
}

TEST(RowsV4, TheFlatCopySaysNullForWhatIsCleared) {
  const boost::json::object shown = flat(idle_session(), Protocol::kV4);
  for (const char* name : {"archivedAt", "lastRunError", "lastRunId", "endedAt", "runtimeMs",
                           "placement", "contextBudgetStatus", "thinkingLevel", "goal"}) {
    EXPECT_TRUE(shown.at(name).is_null()) << name;
  }
  EXPECT_FALSE(shown.contains("key"));
}

TEST(RowsV4, RunsCanBeUnknown) {
  Session session = ended_session();
  session.active_run = "k-2";
  const RowStyle unknown{.now = kNow, .runs_unknown = true};
  EXPECT_FALSE(row(session, Protocol::kV4, unknown).contains("activeRunIds"));
  EXPECT_TRUE(flat(session, Protocol::kV4, unknown).at("activeRunIds").is_null());
  EXPECT_EQ(row(session, Protocol::kV4).at("activeRunIds").as_array().at(0), "k-2");
}

TEST(RowsV4, SlimRowsKeepWhatAMonitorReads) {
  const boost::json::object slim = row(ended_session(), Protocol::kV4, {.now = kNow, .slim = true});
  for (const char* name : {"key", "agentId", "status", "updatedAt", "totalTokens",
                           "estimatedCostUsd", "model", "hasActiveRun", "label", "snapshotAt"}) {
    EXPECT_TRUE(slim.contains(name)) << name;
  }
  EXPECT_FALSE(slim.contains("thinkingLevels"));
}

TEST(Rows, AgentsAreSpelledPerProtocol) {
  Agent agent;
  agent.id = "newbie";
  agent.name = "Newbie";
  agent.emoji = "🦊";
  agent.provider = "fake";
  agent.model = "fake-smart";
  agent.made_by_operator = true;
  const auto shown = [&](Protocol protocol) {
    std::string out;
    JsonWriter json(out);
    write_agent(json, agent, protocol);
    return parsed(out);
  };
  EXPECT_THAT(
      names_of(shown(Protocol::kV3)),
      UnorderedElementsAreArray({"id", "name", "identity", "workspace", "agentRuntime", "model"}));
  EXPECT_THAT(names_of(shown(Protocol::kV4)),
              UnorderedElementsAreArray({"id", "name", "identity", "workspace", "workspaceGit",
                                         "agentRuntime", "thinkingLevels", "thinkingOptions",
                                         "thinkingDefault", "model", "createdVia", "creatorAgentId",
                                         "createdAt"}));
  EXPECT_EQ(shown(Protocol::kV4).at("model").at("primary"), "fake/fake-smart");
}

}  // namespace
}  // namespace cc::sim
