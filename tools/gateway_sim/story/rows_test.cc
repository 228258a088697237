// The rows must have the members that real gateways were recorded to send, no more and no fewer.
#include "gateway_sim/story/rows.h"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway_sim/calls/answers.h"
#include "gateway_sim/story/director.h"

namespace cc::sim {
namespace {

using ::testing::Contains;
using ::testing::IsSubsetOf;
using ::testing::Not;
using ::testing::UnorderedElementsAreArray;
using Names = std::vector<std::string>;

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

Names names_of(const boost::json::object& object) {
  Names names;
  for (const auto& member : object) names.emplace_back(member.key());
  return names;
}

boost::json::object parsed(const std::string& text) {
  return boost::json::parse(text).as_object();
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

boost::json::object payload(const Event& event) {
  return parsed(*event.body + '}').at("payload").as_object();
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

TEST(Lists, Protocol4PagesAndProtocol3DoesNot) {
  const World world({.agents = 5, .sessions = 250, .seed = 2}, kNow);
  const auto list = [&](Protocol protocol, SessionQuery query) {
    query.style.now = kNow;
    std::string out;
    JsonWriter json(out);
    write_sessions_list(json, world, protocol, query);
    return parsed(out);
  };
  const boost::json::object first = list(Protocol::kV4, {});
  EXPECT_THAT(names_of(first), UnorderedElementsAreArray({"ts", "path", "count", "totalCount",
                                                          "limitApplied", "nextOffset", "hasMore",
                                                          "owners", "defaults", "sessions"}));
  EXPECT_EQ(first.at("count"), 100);
  EXPECT_EQ(first.at("totalCount"), 250);
  EXPECT_EQ(first.at("nextOffset"), 100);
  const boost::json::object last = list(Protocol::kV4, {.limit = 100, .offset = 200});
  EXPECT_EQ(last.at("count"), 50);
  EXPECT_TRUE(last.at("nextOffset").is_null());
  EXPECT_EQ(last.at("hasMore"), false);
  const boost::json::object all = list(Protocol::kV3, {});
  EXPECT_THAT(names_of(all),
              UnorderedElementsAreArray({"ts", "path", "count", "defaults", "sessions"}));
  EXPECT_EQ(all.at("count"), 250);
  EXPECT_EQ(list(Protocol::kV3, {.limit = 50}).at("count"), 50);
  EXPECT_EQ(list(Protocol::kV4, {.agent_id = "otto"}).at("totalCount"), 50);
}

class Stories : public ::testing::TestWithParam<Protocol> {
 protected:
  Stories()
      : world_({.agents = 2, .sessions = 4, .seed = 1}, kNow),
        narrator_(make_narrator(GetParam(), {})) {}

  Names phases(const Story& story) const {
    Names out;
    for (const Event& event : story) {
      if (event.name != "sessions.changed") continue;
      const boost::json::object shown = payload(event);
      const char* name = shown.contains("phase") ? "phase" : "reason";
      std::string entry(shown.at(name).as_string());
      if (shown.contains("session"))
        entry += "/" + std::string(status(shown.at("session").as_object()));
      out.push_back(std::move(entry));
    }
    return out;
  }
  static std::string status(const boost::json::object& session) {
    return session.contains("status") ? std::string(session.at("status").as_string()) : "-";
  }

  World world_;
  std::unique_ptr<Narrator> narrator_;
  Director director_{world_, *narrator_};
};

TEST_P(Stories, ARunIsToldAsItWasRecorded) {
  Session& session = world_.create_session("main", "agent:main:one", "One", kNow);
  const Names start = phases(director_.start_run(session, "k-1", "go", false, kNow));
  auto& run = *world_.runs().find("k-1");
  EXPECT_EQ(director_.advance_run(run, kNow + 10).size(), 2U);
  const Names end = phases(director_.finish_run(run, Outcome::kDone, kNow + 20));
  if (GetParam() == Protocol::kV3) {
    EXPECT_EQ(start, (Names{"start/running", "message/-"}));  // the second is the row of before
    EXPECT_EQ(end, (Names{"message/running", "end/done"}));
  } else {
    EXPECT_EQ(start, (Names{"agent.run.started/running", "start/running", "model/running"}));
    EXPECT_EQ(end, (Names{"agent.input.settled/done", "model/done", "end/done"}));
  }
}

TEST_P(Stories, AnAbortIsToldAsItWasRecorded) {
  Session& session = world_.create_session("main", "agent:main:one", "One", kNow);
  (void)director_.start_run(session, "k-1", "go", false, kNow);
  const Names told =
      phases(director_.finish_run(*world_.runs().find("k-1"), Outcome::kKilled, kNow + 20));
  if (GetParam() == Protocol::kV3) {
    EXPECT_EQ(told, (Names{"end/timeout", "message/running", "end/killed"}));
  } else {
    EXPECT_EQ(told, (Names{"agent.input.settled/killed", "error/killed"}));
  }
}

TEST_P(Stories, AnErrorIsFinalAtOnceOrAfterTheGrace) {
  Session& session = world_.create_session("main", "agent:main:one", "One", kNow);
  (void)director_.start_run(session, "k-1", "go", false, kNow);
  const Story story = director_.finish_run(*world_.runs().find("k-1"), Outcome::kFailed, kNow + 20);
  const bool v3 = GetParam() == Protocol::kV3;
  EXPECT_EQ(phases(story).back(), "error/failed");
  EXPECT_EQ(story.back().delay, v3 ? Millis{15'000} : Millis{0});
  EXPECT_EQ(story.front().delay, Millis{0});
  EXPECT_EQ(session.failing_until, v3 ? kNow + 15'020 : 0);
}

TEST_P(Stories, ADeletionIsToldTwiceOnProtocol4) {
  const Story story = director_.remove_session("agent:main:main", kNow);
  if (GetParam() == Protocol::kV3) {
    ASSERT_EQ(story.size(), 1U);
    EXPECT_THAT(names_of(payload(story[0])),
                UnorderedElementsAreArray({"sessionKey", "reason", "ts"}));
    return;
  }
  ASSERT_EQ(story.size(), 2U);
  EXPECT_THAT(names_of(payload(story[0])),
              UnorderedElementsAreArray({"sessionKey", "sessionId", "agentId", "reason", "ts"}));
  EXPECT_THAT(names_of(payload(story[1])), UnorderedElementsAreArray({"reason", "ts"}));
}

TEST_P(Stories, APatchHasARowOnProtocol4AndFlatMembersOnBoth) {
  const Story story = director_.patch_session(world_.sessions().at(0), {.label = "New"}, kNow);
  ASSERT_EQ(story.size(), 1U);
  const boost::json::object shown = payload(story[0]);
  EXPECT_EQ(shown.at("reason"), "patch");
  EXPECT_EQ(shown.at("label"), "New");
  EXPECT_EQ(shown.contains("session"), GetParam() == Protocol::kV4);
  EXPECT_TRUE(story[0].targeted);
}

TEST_P(Stories, OnlyProtocol4TellsThatAgentsChanged) {
  const Story story = director_.update_agent(world_.agents().at(0), {.name = "Other"}, kNow);
  if (GetParam() == Protocol::kV3) {
    EXPECT_TRUE(story.empty());
    return;
  }
  ASSERT_EQ(story.size(), 2U);
  EXPECT_EQ(story[0].name, "chat.metadata.changed");
  EXPECT_EQ(story[1].name, "config.changed");
  EXPECT_THAT(names_of(payload(story[1])), UnorderedElementsAreArray({"path", "hash", "ts"}));
}

TEST_P(Stories, AnApprovalEndsTheRunOnProtocol3AndHoldsItOnProtocol4) {
  Session& session = world_.create_session("main", "agent:main:one", "One", kNow);
  (void)director_.start_run(session, "k-1", "go", false, kNow);
  const Story asked = director_.ask_approval(*world_.runs().find("k-1"), kNow + 5);
  EXPECT_EQ(asked.front().name, "exec.approval.requested");
  const bool v3 = GetParam() == Protocol::kV3;
  EXPECT_EQ(session.active_run.empty(), v3);
  ASSERT_EQ(world_.approvals().size(), 1U);
  const std::string id = world_.approvals().at(0).id;
  const Story resolved = director_.resolve_approval(id, "allow-once", "somebody", kNow + 9);
  EXPECT_EQ(resolved.front().name, "exec.approval.resolved");
  EXPECT_EQ(session.active_run, v3 ? "exec-approval-followup:" + id : "k-1");
  EXPECT_TRUE(world_.approvals().empty());
}

INSTANTIATE_TEST_SUITE_P(Both, Stories, ::testing::Values(Protocol::kV3, Protocol::kV4),
                         [](const auto& chosen) {
                           return chosen.param == Protocol::kV3 ? "V3" : "V4";
                         });

}  // namespace
}  // namespace cc::sim
