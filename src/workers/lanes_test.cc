#include "workers/lanes.h"

#include <gmock/gmock.h>

namespace cc::workers {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> pop_all(Lanes<std::string>& lanes) {
  std::vector<std::string> order;
  while (auto task = lanes.pop()) order.push_back(*std::move(task));
  return order;
}

TEST(Lanes, AClientWithManyTasksDelaysOnlyItself) {
  Lanes<std::string> lanes(10);
  for (const char* task : {"a1", "a2", "a3"}) EXPECT_TRUE(lanes.push("a", task));
  EXPECT_TRUE(lanes.push("b", "b1"));
  EXPECT_TRUE(lanes.push("c", "c1"));
  EXPECT_TRUE(lanes.push("c", "c2"));
  EXPECT_THAT(pop_all(lanes), ElementsAre("a1", "b1", "c1", "a2", "c2", "a3"));
}

TEST(Lanes, ATaskThatGoesOnIsNextInItsLaneAfterTheOthersHadTheirTurn) {
  Lanes<std::string> lanes(10);
  for (const char* task : {"a1", "a2"}) EXPECT_TRUE(lanes.push("a", task));
  EXPECT_TRUE(lanes.push("b", "b1"));
  lanes.put_back("a", *lanes.pop());
  EXPECT_THAT(pop_all(lanes), ElementsAre("b1", "a1", "a2"));
}

TEST(Lanes, BoundsALaneAndNotTheOthers) {
  Lanes<std::string> lanes(2);
  EXPECT_TRUE(lanes.push("a", "a1"));
  EXPECT_TRUE(lanes.push("a", "a2"));
  EXPECT_FALSE(lanes.push("a", "a3"));
  EXPECT_TRUE(lanes.push("b", "b1"));
  EXPECT_EQ(lanes.size(), 3U);
  lanes.put_back("a", "a0");  // it had its place before
  EXPECT_THAT(pop_all(lanes), ElementsAre("a0", "b1", "a1", "a2"));
}

TEST(Lanes, ForgetsALaneInWhichNothingWaits) {
  Lanes<std::string> lanes(1);
  EXPECT_TRUE(lanes.push("a", "a1"));
  EXPECT_TRUE(lanes.pop());
  EXPECT_TRUE(lanes.empty());
  EXPECT_FALSE(lanes.pop());
  EXPECT_TRUE(lanes.push("a", "a2"));
}

}  // namespace
}  // namespace cc::workers
