#include "gateway_sim/world/world.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cc::sim {
namespace {

constexpr TimeMs kNow = 1'795'000'000'000;

WorldSpec spec_with(std::uint64_t seed, Scenario scenario = Scenario::kCalm) {
  return {.agents = 8, .sessions = 40, .seed = seed, .scenario = scenario};
}

TEST(World, OneSeedIsOneFleet) {
  const World first(spec_with(7), kNow);
  const World second(spec_with(7), kNow);
  ASSERT_EQ(first.sessions().size(), second.sessions().size());
  for (std::size_t i = 0; i < first.sessions().size(); ++i) {
    EXPECT_EQ(first.sessions().at(i).key, second.sessions().at(i).key);
    EXPECT_EQ(first.sessions().at(i).session_id, second.sessions().at(i).session_id);
    EXPECT_EQ(first.sessions().at(i).updated_at, second.sessions().at(i).updated_at);
  }
}

TEST(World, AnotherSeedIsAnotherFleet) {
  const World first(spec_with(7), kNow);
  const World second(spec_with(8), kNow);
  EXPECT_NE(first.sessions().at(0).session_id, second.sessions().at(0).session_id);
}

TEST(World, HasAsManyAsAskedFor) {
  const World world(spec_with(1), kNow);
  EXPECT_EQ(world.agents().size(), 8U);
  EXPECT_EQ(world.sessions().size(), 40U);
  EXPECT_EQ(world.agents().at(0).id, "main");
  EXPECT_TRUE(world.default_agent().is_default);
}

TEST(World, EachAgentHasAMainSession) {
  const World world({.agents = 30, .sessions = 3, .seed = 1}, kNow);
  EXPECT_EQ(world.sessions().size(), 30U);
  std::set<std::string> ids;
  for (const auto& agent : world.agents()) {
    EXPECT_TRUE(ids.insert(agent->id).second) << agent->id;
    EXPECT_NE(world.sessions().find("agent:" + agent->id + ":main"), nullptr);
  }
}

TEST(World, AnIncidentHasFailuresASilentRunAndAQuestion) {
  const World world(spec_with(1, Scenario::kIncident), kNow);
  EXPECT_EQ(world.approvals().size(), 1U);
  std::size_t silent = 0;
  for (const auto& run : world.runs()) silent += run->by_hand && run->approval_id.empty() ? 1U : 0U;
  EXPECT_EQ(silent, 1U);
  EXPECT_EQ(world.sessions().find("agent:otto:main")->status, RunStatus::kFailed);
}

TEST(World, ARunLeavesItsResultInTheSession) {
  World world(spec_with(1), kNow);
  Session& session = world.create_session("main", "agent:main:one", "One", kNow);
  auto& run = world.start_run(session, "k-1", kNow + 1000);
  EXPECT_EQ(session.status, RunStatus::kRunning);
  EXPECT_EQ(session.active_run, "k-1");
  world.advance_run(run, kNow + 1500);
  world.finish_run(run, Outcome::kFailed, kNow + 2000);
  EXPECT_EQ(session.status, RunStatus::kFailed);
  EXPECT_EQ(session.ended_at - session.started_at, 1000);
  EXPECT_EQ(session.last_run, "k-1");
  EXPECT_FALSE(session.last_error.empty());
  EXPECT_TRUE(session.active_run.empty());
  EXPECT_EQ(world.runs().find("k-1"), nullptr);
}

TEST(World, ARemovedSessionTakesItsRunAlong) {
  World world(spec_with(1), kNow);
  Session& session = world.create_session("main", "agent:main:one", "One", kNow);
  world.ask_approval(world.start_run(session, "k-1", kNow), kNow);
  const Session& main = *world.sessions().find("agent:main:main");
  EXPECT_THAT(main.children, ::testing::Contains("agent:main:one"));
  EXPECT_TRUE(world.remove_session("agent:main:one"));
  EXPECT_EQ(world.runs().find("k-1"), nullptr);
  EXPECT_TRUE(world.approvals().empty());
  EXPECT_THAT(main.children, ::testing::Not(::testing::Contains("agent:main:one")));
  EXPECT_FALSE(world.remove_session("agent:main:one"));
}

TEST(World, AResetChangesTheSessionIdOnProtocol3Only) {
  World world(spec_with(1), kNow);
  Session& session = world.sessions().at(0);
  const std::string id = session.session_id;
  world.reset_session(session, Protocol::kV4, kNow);
  EXPECT_EQ(session.session_id, id);
  world.reset_session(session, Protocol::kV3, kNow);
  EXPECT_NE(session.session_id, id);
}

TEST(World, APastIsInOrderAndOver) {
  const World world({.agents = 8, .sessions = 300, .seed = 3}, kNow);
  for (const auto& session : world.sessions()) {
    EXPECT_LE(session->created_at, session->updated_at) << session->key;
    EXPECT_LE(session->started_at, kNow) << session->key;
    EXPECT_LE(session->updated_at, kNow) << session->key;
    if (session->ended_at != 0) {
      EXPECT_LT(session->started_at, session->ended_at) << session->key;
    }
    EXPECT_EQ(session->has_run(), session->started_at != 0) << session->key;
    EXPECT_EQ(session->status == RunStatus::kRunning, !session->active_run.empty());
  }
}

TEST(World, APastHoldsEveryOutcome) {
  const World world({.agents = 8, .sessions = 600, .seed = 3}, kNow);
  std::set<RunStatus> seen;
  for (const auto& session : world.sessions()) seen.insert(session->status);
  EXPECT_EQ(seen, (std::set{RunStatus::kNever, RunStatus::kRunning, RunStatus::kDone,
                            RunStatus::kFailed, RunStatus::kKilled, RunStatus::kTimeout}));
}

TEST(World, AKeySaysWhoseSessionItIs) {
  const World world(spec_with(1), kNow);
  EXPECT_EQ(world.agent_in("agent:otto:main"), "otto");
  EXPECT_EQ(world.agent_in("agent:otto"), "otto");
  EXPECT_EQ(world.agent_in("cron:1"), "main");
}

}  // namespace
}  // namespace cc::sim
