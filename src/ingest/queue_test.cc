#include "ingest/queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fleet/testing.h"

namespace cc::ingest {
namespace {

using fleet::Observation;
using fleet::RunEvent;
using fleet::SessionChanged;
using fleet::SessionDeleted;
using namespace fleet::testing;

template <class What>
Queued heard(What what) {
  return {.observation = {.gateway = "alpha", .what = std::move(what)}, .settled = {}};
}

SessionChanged change(const std::string& key, TimeMs at) {
  return {.row = with_runs(session_patch(key, at), {}), .reason = "patch"};
}

std::vector<Queued> taken_from(Queue& queue, std::size_t max) {
  std::vector<Queued> taken;
  queue.take(max, taken);
  return taken;
}

TEST(Queue, BelowTheMarkKeepsEverythingInOrder) {
  Queue queue(8);
  for (TimeMs at = 1; at <= 5; ++at) queue.push(heard(change("agent:a:s", at)));
  const auto taken = taken_from(queue, 3);
  ASSERT_EQ(taken.size(), 3U);
  EXPECT_EQ(**std::get<SessionChanged>(taken[2].observation.what).row.updated_at, 3);
  EXPECT_EQ(queue.size(), 2U);
}

TEST(Queue, TakenInPartsIsTakenOnceAndInOrder) {
  Queue queue(4096);
  std::vector<Queued> taken;
  TimeMs pushed = 0;
  TimeMs expected = 1;
  for (int turn = 0; turn < 50; ++turn) {
    for (int i = 0; i < 7; ++i) queue.push(heard(change("agent:a:s", ++pushed)));
    queue.take(5, taken);
    ASSERT_EQ(taken.size(), 5U);
    for (const auto& item : taken) {
      ASSERT_EQ(**std::get<SessionChanged>(item.observation.what).row.updated_at, expected++);
    }
  }
  EXPECT_EQ(queue.size(), 100U);
  queue.take(1000, taken);
  EXPECT_EQ(taken.size(), 100U);
  EXPECT_TRUE(queue.empty());
}

TEST(Queue, AboveTheMarkKeepsTheLatestRowOfEachSession) {
  Queue queue(4);
  for (TimeMs at = 1; at <= 100; ++at)
    queue.push(heard(change("agent:a:s" + std::to_string(at % 2), at)));
  EXPECT_LE(queue.size(), 5U);
  const auto taken = taken_from(queue, 100);
  EXPECT_EQ(**std::get<SessionChanged>(taken.back().observation.what).row.updated_at,
            100 - taken.size() % 2);
  EXPECT_EQ(queue.take_losses().observations, 0U);
}

TEST(Queue, FoldsNoRowOverADeleteOfItsSession) {
  Queue queue(2);
  queue.push(heard(change("agent:a:s", 1)));
  queue.push(heard(change("agent:a:s", 2)));
  queue.push(heard(SessionDeleted{.key = "agent:a:s", .session_id = {}}));
  queue.push(heard(change("agent:a:s", 3)));
  const auto taken = taken_from(queue, 10);
  ASSERT_TRUE(std::holds_alternative<SessionChanged>(taken.back().observation.what));
  EXPECT_TRUE(std::holds_alternative<SessionDeleted>(taken[taken.size() - 2].observation.what));
}

TEST(Queue, DropsProgressFirstAndCallsItNoLoss) {
  Queue queue(2);
  for (int i = 0; i < 50; ++i)
    queue.push(heard(run_event(RunEvent::Kind::kProgress, "agent:a:s", "r")));
  EXPECT_EQ(queue.size(), 2U);
  EXPECT_TRUE(queue.take_losses().gateways.empty());
}

TEST(Queue, FarAboveTheMarkDropsAndSaysWhose) {
  Queue queue(4);
  for (TimeMs at = 1; at <= 100; ++at)
    queue.push(heard(change("agent:a:s" + std::to_string(at), at)));
  EXPECT_EQ(queue.size(), 16U);
  const auto losses = queue.take_losses();
  EXPECT_EQ(losses.observations, 84U);
  EXPECT_THAT(losses.gateways, ::testing::ElementsAre("alpha"));
  EXPECT_EQ(queue.take_losses().observations, 0U);
}

TEST(Queue, NeverDropsWhatSomebodyWaitsFor) {
  Queue queue(1);
  for (TimeMs at = 1; at <= 20; ++at) {
    Queued item = heard(change("agent:a:s", at));
    item.settled = [](const Result<void>&) {};
    queue.push(std::move(item));
  }
  EXPECT_EQ(queue.size(), 20U);
}

TEST(Queue, FoldsIntoWhatIsStillThereAfterATake) {
  Queue queue(2);
  for (TimeMs at = 1; at <= 6; ++at)
    queue.push(heard(change("agent:a:s" + std::to_string(at), at)));
  (void)taken_from(queue, 4);
  queue.push(
      heard(change("agent:a:s1", 50)));  // the earlier one was taken: not folded into thin air
  queue.push(heard(change("agent:a:s6", 60)));
  const auto taken = taken_from(queue, 10);
  ASSERT_EQ(taken.size(), 3U);
  EXPECT_EQ(**std::get<SessionChanged>(taken[1].observation.what).row.updated_at, 60);
  EXPECT_EQ(std::get<SessionChanged>(taken[2].observation.what).row.key, "agent:a:s1");
}

}  // namespace
}  // namespace cc::ingest
