#include "gateway_sim/world/roster.h"

#include <gtest/gtest.h>

#include "gateway_sim/world/model.h"

namespace cc::sim {
namespace {

TEST(Roster, FillsTheGap) {
  Roster<Agent> roster;
  for (const char* id : {"a", "b", "c"}) {
    Agent agent;
    agent.id = id;
    roster.add(agent);
  }
  EXPECT_TRUE(roster.remove("a"));
  EXPECT_EQ(roster.size(), 2U);
  EXPECT_EQ(roster.at(0).id, "c");
  EXPECT_EQ(roster.find("c"), &roster.at(0));
  EXPECT_EQ(roster.find("a"), nullptr);
  EXPECT_FALSE(roster.remove("a"));
}

TEST(Roster, ReplacesTheOneOfThatName) {
  Roster<Agent> roster;
  const Agent& held = roster.add({.id = "a", .name = "Old"});
  roster.add({.id = "b"});
  roster.add({.id = "a", .name = "New"});
  EXPECT_EQ(roster.size(), 2U);
  EXPECT_EQ(&held, roster.find("a"));
  EXPECT_EQ(held.name, "New");
}

}  // namespace
}  // namespace cc::sim
