#include "gateway_sim/calls/session_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway_sim/testing/members.h"

namespace cc::sim {
namespace {

using ::testing::UnorderedElementsAreArray;

constexpr TimeMs kNow = 1'795'351'000'000;

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

TEST(Lists, TheNewestComesFirst) {
  const World world({.agents = 3, .sessions = 40, .seed = 2}, kNow);
  const auto found = select_sessions(world, {});
  ASSERT_EQ(found.size(), 40U);
  for (std::size_t i = 1; i < found.size(); ++i)
    EXPECT_GE(found[i - 1]->updated_at, found[i]->updated_at);
}

TEST(Lists, AllConditionsHoldTogether) {
  World world({.agents = 3, .sessions = 3, .seed = 2}, kNow);
  Session& busy = world.create_session("otto", "agent:otto:busy", "Audit", kNow);
  world.start_run(busy, "k-1", kNow);
  world.create_session("otto", "agent:otto:idle", "Audit too", kNow);
  EXPECT_EQ(select_sessions(world, {.agent_id = "otto", .search = "Audit"}).size(), 2U);
  const auto found =
      select_sessions(world, {.agent_id = "otto", .search = "Audit", .active_only = true});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0]->key, "agent:otto:busy");
}

}  // namespace
}  // namespace cc::sim
