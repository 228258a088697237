// A gateway may tell without end. What is kept of it is bounded, and what is missed least leaves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fleet/testing/world.h"

namespace cc::fleet {
namespace {

using namespace testing;

constexpr std::size_t kRowBytes = 12'000;
/// Rows that take a little more than one gateway may have.
constexpr int kTooManyRows = static_cast<int>(kMostOfOneGateway.bytes / kRowBytes) + 100;

SessionPatch large(const std::string& key, TimeMs updated_at) {
  static const std::string text(kRowBytes / 3, 'x');
  SessionPatch patch = session_patch(key, updated_at);
  patch.title = text;
  patch.model = text;
  patch.provider = text;
  return patch;
}

std::string key_of(int number) {
  return "agent:main:" + std::to_string(number);
}

SessionChanged event(SessionPatch row) {
  return {.row = row, .phase = {}, .reason = "patch", .run_id = {}};
}

class Room : public ::testing::Test {
 protected:
  Room() { world_.see(sync_of({"main"}, {})); }

  /// By events, the first the oldest.
  void tell_too_many() {
    for (int i = 0; i < kTooManyRows; ++i) world_.see(event(large(key_of(i), kStart + i)));
    ASSERT_TRUE(usage().exceeds(kTooMuch));
  }
  ChangeSet make_room() { return world_.see(TooMuchKept{}, Source::kSystem); }
  [[nodiscard]] Usage usage() { return world_.fleet().usage("alpha"); }
  [[nodiscard]] bool has(const std::string& key) {
    return static_cast<bool>(world_.fleet().find<Session>("alpha", key));
  }

  World world_;
};

TEST_F(Room, TheOldestIdleSessionsLeaveAndTheCountFollows) {
  world_.see(event(with_runs(large("agent:main:busy", kStart - 1000), {"r"})));
  tell_too_many();
  const auto changes = make_room();
  EXPECT_GT(changes.left_out, 0U);
  EXPECT_FALSE(usage().exceeds(kNoRoom));
  EXPECT_TRUE(usage().exceeds(kSomeRoom));
  EXPECT_FALSE(has(key_of(0)));
  EXPECT_TRUE(has(key_of(kTooManyRows - 1)));
  EXPECT_TRUE(has("agent:main:busy")) << "though it is the oldest";
  EXPECT_EQ(world_.agent("main").sessions, world_.fleet().session_count("alpha"));
}

// Rows would come and leave, and fill the journal.
TEST_F(Room, AListBringsBackNoneOfThem) {
  tell_too_many();
  make_room();
  FleetPart part{.initial = false, .agents = {}, .sessions = {}};
  part.sessions.sessions = {large(key_of(0), kStart), large(key_of(1), kStart)};
  const auto left = world_.fleet().session_count("alpha");
  world_.see(event(large("agent:main:one-more", kStart)));
  const auto changes = world_.see(std::move(part));
  EXPECT_EQ(changes.left_out, 2U);
  EXPECT_EQ(world_.fleet().session_count("alpha"), left + 1);
}

// After a reconnect the list told of them, and what was older stayed.
TEST_F(Room, WhatIsNewerIsLetInAlsoByAList) {
  tell_too_many();
  make_room();
  FleetPart part{.initial = false, .agents = {}, .sessions = {}};
  part.sessions.sessions = {large("agent:main:new", kStart + 1'000'000)};
  world_.see(std::move(part));
  EXPECT_TRUE(has("agent:main:new"));
}

TEST_F(Room, WhatIsBusyIsLetInAlsoByAList) {
  tell_too_many();
  FleetPart part{.initial = false, .agents = {}, .sessions = {}};
  part.sessions.sessions = {with_runs(large("agent:main:busy", kStart), {"r"})};
  world_.see(std::move(part));
  EXPECT_TRUE(has("agent:main:busy"));
}

TEST_F(Room, WhereAllAreBusyTheOldestLeaveWithTheirRuns) {
  std::vector<std::string> agents;
  for (int i = 0; i < 100; ++i) agents.push_back("a" + std::to_string(i));
  world_.see(sync_of(agents, {}));
  const auto key = [](int i) {
    return "agent:a" + std::to_string(i % 100) + ":" + std::to_string(i);
  };
  for (int i = 0; i < kTooManyRows; ++i) {
    world_.see(event(with_runs(large(key(i), kStart + i), {"r" + std::to_string(i)})));
  }
  make_room();
  EXPECT_FALSE(usage().exceeds(kNoRoom));
  EXPECT_FALSE(has(key(0)));
  std::size_t active = 0;
  for (const auto& id : agents) active += static_cast<std::size_t>(world_.agent(id).active_runs);
  EXPECT_EQ(active, world_.fleet().session_count("alpha"));
}

TEST_F(Room, RunsWithoutEndAreBounded) {
  std::size_t left_out = 0;
  for (int i = 0; i < 40'000; ++i) {
    auto run = run_event(RunEvent::Kind::kStart, key_of(i), "r" + std::to_string(i));
    run.agent_id = "a" + std::to_string(i % 1000);
    left_out += world_.see(std::move(run)).left_out;
  }
  EXPECT_GT(left_out, 0U);
  EXPECT_LT(usage().run_bytes, kMostOfOneGateway.run_bytes + 4096);
}

TEST_F(Room, AgentsThatNobodyListsAreBounded) {
  const std::string text(4000, 'x');
  for (int i = 0; i < 4'000; ++i) {
    AgentPatch agent = agent_patch("a" + std::to_string(i));
    agent.name = agent.emoji = agent.model = agent.runtime = agent.workspace = text;
    world_.see(AgentConfigured{.agent = std::move(agent)});
  }
  EXPECT_LT(usage().bytes, kMostOfOneGateway.bytes + 65536);
}

// A run of which only its events told was followed for ever, and its agent became stalled.
TEST_F(Room, ARunOfASessionThatTheGatewayDoesNotHaveEnds) {
  auto run = run_event(RunEvent::Kind::kStart, "agent:main:gone", "r");
  run.agent_id = "main";
  world_.see(std::move(run));
  ASSERT_EQ(world_.agent("main").active_runs, 1);
  world_.see(SessionChecked{.key = "agent:main:gone", .row = {}});
  EXPECT_EQ(world_.agent("main").active_runs, 0);
}

}  // namespace
}  // namespace cc::fleet
