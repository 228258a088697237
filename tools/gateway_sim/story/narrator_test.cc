// Stories must be told in the order in which real gateways were recorded to tell them.
#include "gateway_sim/story/narrator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway_sim/story/director.h"
#include "gateway_sim/testing/members.h"

namespace cc::sim {
namespace {

using ::testing::Each;
using ::testing::UnorderedElementsAreArray;

constexpr TimeMs kNow = 1'795'351'000'000;

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

TEST_P(Stories, AnApprovalThatTimedOutIsToldOnProtocol4Only) {
  Session& session = world_.create_session("main", "agent:main:one", "One", kNow);
  (void)director_.start_run(session, "k-1", "go", false, kNow);
  (void)director_.ask_approval(*world_.runs().find("k-1"), kNow + 5);
  const std::string id = world_.approvals().at(0).id;
  const Story story = director_.resolve_approval(id, "deny", {}, kNow + 9);
  if (GetParam() == Protocol::kV3) {
    EXPECT_TRUE(story.empty());
    EXPECT_TRUE(session.active_run.empty());
    return;
  }
  ASSERT_EQ(story.size(), 2U);
  EXPECT_TRUE(payload(story[0]).at("resolvedBy").is_null());
  EXPECT_EQ(payload(story[1]).at("data").at("phase"), "approval-resolved");
}

TEST_P(Stories, WhatComesLateNamesItsRun) {
  Session& session = world_.create_session("main", "agent:main:one", "One", kNow);
  (void)director_.start_run(session, "k-1", "go", false, kNow);
  Names runs;
  for (const Event& event :
       director_.finish_run(*world_.runs().find("k-1"), Outcome::kKilled, kNow + 20)) {
    if (event.delay.count() > 0) runs.push_back(event.run_id);
  }
  EXPECT_EQ(runs.size(), GetParam() == Protocol::kV3 ? 2U : 3U);
  EXPECT_THAT(runs, Each("k-1"));
}

TEST_P(Stories, ARestartTellsWhenItExpectsToBeBack) {
  const auto told_of = [&](const std::string& expected) {
    return payload(narrator_->stopping(expected).at(0));
  };
  EXPECT_EQ(told_of("1500").at("restartExpectedMs"), 1500);
  const bool v3 = GetParam() == Protocol::kV3;
  EXPECT_EQ(told_of("").contains("restartExpectedMs"), v3);  // null there
}

INSTANTIATE_TEST_SUITE_P(Both, Stories, ::testing::Values(Protocol::kV3, Protocol::kV4),
                         [](const auto& chosen) {
                           return chosen.param == Protocol::kV3 ? "V3" : "V4";
                         });

}  // namespace
}  // namespace cc::sim
