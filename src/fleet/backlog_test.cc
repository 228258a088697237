#include "fleet/backlog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fleet/testing/world.h"

namespace cc::fleet {
namespace {

using namespace testing;

template <class What>
Waiting heard(What what) {
  return {.observation = {.gateway = "alpha", .what = std::move(what)}, .ack = {}};
}

SessionChanged change(const std::string& key, TimeMs at) {
  return {.row = with_runs(session_patch(key, at), {}), .reason = "patch"};
}

std::vector<Waiting> taken_from(Backlog& backlog, std::size_t max) {
  std::vector<Waiting> taken;
  backlog.take(max, taken);
  return taken;
}

TEST(Backlog, BelowTheMarkKeepsEverythingInOrder) {
  Backlog backlog(8);
  for (TimeMs at = 1; at <= 5; ++at) backlog.push(heard(change("agent:a:s", at)));
  const auto taken = taken_from(backlog, 3);
  ASSERT_EQ(taken.size(), 3U);
  EXPECT_EQ(**std::get<SessionChanged>(taken[2].observation.what).row.updated_at, 3);
  EXPECT_EQ(backlog.size(), 2U);
}

// A list that overtakes what was said after it would take it back.
TEST(Backlog, WhatCameAfterAListStaysBehindIt) {
  Backlog backlog(4);
  for (TimeMs at = 1; at <= 20; ++at) backlog.push(heard(change("agent:a:s", at)));
  backlog.push({.observation = heard(FleetSync{}).observation, .ack = [](const auto&) {}});
  for (TimeMs at = 21; at <= 40; ++at) backlog.push(heard(change("agent:a:s", at)));
  const auto taken = taken_from(backlog, 100);
  ASSERT_GE(taken.size(), 3U);
  EXPECT_EQ(**std::get<SessionChanged>(taken.back().observation.what).row.updated_at, 40);
  const auto& before = taken[taken.size() - 2].observation.what;
  EXPECT_TRUE(std::holds_alternative<FleetSync>(before)) << "and the twenty count as one";
}

TEST(Backlog, TakenInPartsIsTakenOnceAndInOrder) {
  Backlog backlog(4096);
  std::vector<Waiting> taken;
  TimeMs pushed = 0;
  TimeMs expected = 1;
  for (int turn = 0; turn < 50; ++turn) {
    for (int i = 0; i < 7; ++i) backlog.push(heard(change("agent:a:s", ++pushed)));
    backlog.take(5, taken);
    ASSERT_EQ(taken.size(), 5U);
    for (const auto& item : taken) {
      ASSERT_EQ(**std::get<SessionChanged>(item.observation.what).row.updated_at, expected++);
    }
  }
  EXPECT_EQ(backlog.size(), 100U);
  backlog.take(1000, taken);
  EXPECT_EQ(taken.size(), 100U);
  EXPECT_TRUE(backlog.empty());
}

TEST(Backlog, AboveTheMarkKeepsTheLatestRowOfEachSession) {
  Backlog backlog(4);
  for (TimeMs at = 1; at <= 100; ++at)
    backlog.push(heard(change("agent:a:s" + std::to_string(at % 2), at)));
  EXPECT_LE(backlog.size(), 5U);
  const auto taken = taken_from(backlog, 100);
  EXPECT_EQ(**std::get<SessionChanged>(taken.back().observation.what).row.updated_at,
            100 - taken.size() % 2);
  EXPECT_EQ(backlog.take_losses().observations, 0U);
}

TEST(Backlog, FoldsNoRowOverADeleteOfItsSession) {
  Backlog backlog(2);
  backlog.push(heard(change("agent:a:s", 1)));
  backlog.push(heard(change("agent:a:s", 2)));
  backlog.push(heard(SessionDeleted{.key = "agent:a:s", .session_id = {}}));
  backlog.push(heard(change("agent:a:s", 3)));
  const auto taken = taken_from(backlog, 10);
  ASSERT_TRUE(std::holds_alternative<SessionChanged>(taken.back().observation.what));
  EXPECT_TRUE(std::holds_alternative<SessionDeleted>(taken[taken.size() - 2].observation.what));
}

TEST(Backlog, DropsProgressFirstAndCallsItNoLoss) {
  Backlog backlog(2);
  for (int i = 0; i < 50; ++i)
    backlog.push(heard(run_event(RunEvent::Kind::kProgress, "agent:a:s", "r")));
  EXPECT_EQ(backlog.size(), 2U);
  EXPECT_TRUE(backlog.take_losses().gateways.empty());
}

TEST(Backlog, FarAboveTheMarkDropsAndSaysWhose) {
  Backlog backlog(4);
  for (TimeMs at = 1; at <= 100; ++at)
    backlog.push(heard(change("agent:a:s" + std::to_string(at), at)));
  EXPECT_EQ(backlog.size(), 16U);
  const auto losses = backlog.take_losses();
  EXPECT_EQ(losses.observations, 84U);
  EXPECT_THAT(losses.gateways, ::testing::ElementsAre("alpha"));
  EXPECT_EQ(backlog.take_losses().observations, 0U);
}

// Sixty thousand rows of twenty kilobytes were held while the disk was busy.
TEST(Backlog, AboveItsBytesKeepsTheLatestRowOfEachSessionAndThenDrops) {
  Backlog backlog(1000, 100'000);
  const std::string title(10'000, 'x');
  for (TimeMs at = 1; at <= 100; ++at) {
    SessionChanged changed = change("agent:a:s" + std::to_string(at % 50), at);
    changed.row.title = changed.texts.keep(title);
    backlog.push(heard(std::move(changed)));
  }
  EXPECT_LT(backlog.size(), 42U);
  EXPECT_GT(backlog.take_losses().observations, 0U);
  (void)taken_from(backlog, 1000);
  backlog.push(heard(change("agent:a:s", 1)));
  backlog.push(heard(change("agent:a:s", 2)));
  EXPECT_EQ(backlog.size(), 2U) << "folds no longer";
}

TEST(Backlog, IsTakenInPortionsOfBytes) {
  Backlog backlog(1000);
  const std::string title(1U << 20U, 'x');
  for (TimeMs at = 1; at <= 20; ++at) {
    SessionChanged changed = change("agent:a:s" + std::to_string(at), at);
    changed.row.title = changed.texts.keep(title);
    backlog.push(heard(std::move(changed)));
  }
  std::size_t all = 0;
  while (!backlog.empty()) {
    const auto taken = taken_from(backlog, 1000).size();
    EXPECT_LT(taken, 20U);
    all += taken;
  }
  EXPECT_EQ(all, 20U);
}

TEST(Backlog, NeverDropsWhatSomebodyWaitsFor) {
  Backlog backlog(1);
  for (TimeMs at = 1; at <= 20; ++at) {
    Waiting item = heard(change("agent:a:s", at));
    item.ack = [](const Result<void>&) {};
    backlog.push(std::move(item));
  }
  EXPECT_EQ(backlog.size(), 20U);
}

TEST(Backlog, FoldsIntoWhatIsStillThereAfterATake) {
  Backlog backlog(2);
  for (TimeMs at = 1; at <= 6; ++at)
    backlog.push(heard(change("agent:a:s" + std::to_string(at), at)));
  (void)taken_from(backlog, 4);
  backlog.push(
      heard(change("agent:a:s1", 50)));  // the earlier one was taken: not folded into thin air
  backlog.push(heard(change("agent:a:s6", 60)));
  const auto taken = taken_from(backlog, 10);
  ASSERT_EQ(taken.size(), 3U);
  EXPECT_EQ(**std::get<SessionChanged>(taken[1].observation.what).row.updated_at, 60);
  EXPECT_EQ(std::get<SessionChanged>(taken[2].observation.what).row.key, "agent:a:s1");
}

}  // namespace
}  // namespace cc::fleet
