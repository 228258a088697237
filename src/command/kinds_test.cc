#include "command/kinds.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace cc::command {
namespace {

TEST(Kinds, EachHasANameATargetAndTimes) {
  std::set<std::string_view> names;
  for (const Kind& kind : kinds()) {
    EXPECT_TRUE(names.insert(kind.name).second) << kind.name;
    EXPECT_FALSE(kind.help.empty()) << kind.name;
    EXPECT_NE(kind.targets, 0) << kind.name;
    EXPECT_GT(kind.waits.count(), 0) << kind.name;
    EXPECT_GT(kind.answers.count(), 0) << kind.name;
    EXPECT_EQ(find_kind(kind.name), &kind);
  }
  EXPECT_EQ(find_kind("no.such"), nullptr);
}

// A lost answer to one of these may mean that it was done.
TEST(Kinds, WhatIsNotHarmlessTwiceIsNeverRepeated) {
  for (const auto* name : {"session.reset", "session.delete", "agent.create", "agent.delete",
                           "cron.create", "cron.run", "question.answer"}) {
    EXPECT_EQ(find_kind(name)->repeat, Repeat::kNever) << name;
  }
}

TEST(Kinds, ReadingIsNotActing) {
  for (const Kind& kind : kinds()) {
    for (const int protocol : {3, 4}) {
      EXPECT_FALSE(asks_for(Access::kRead, kind.scope_in(protocol), protocol)) << kind.name;
    }
  }
}

TEST(Kinds, ProtocolThreeHasNoQuestions) {
  EXPECT_FALSE(asks_for(Access::kAdmin, Scope::kQuestions, 3));
  EXPECT_TRUE(asks_for(Access::kOperate, Scope::kQuestions, 4));
  EXPECT_EQ(find_kind("question.answer")->scope_in(3), Scope::kNone);
}

TEST(Kinds, AccessFollowsFromTheScope) {
  EXPECT_EQ(access_for(*find_kind("approval.decide"), 4), Access::kOperate);
  EXPECT_EQ(access_for(*find_kind("session.patch"), 4), Access::kOperate);
  EXPECT_EQ(access_for(*find_kind("session.patch"), 3), Access::kAdmin);
  EXPECT_EQ(access_for(*find_kind("device.approve"), 4), Access::kAdmin);
}

TEST(Kinds, OneMemberNamesOneTarget) {
  for (const auto one : {kApproval, kSession, kAgent, kJob, kDevice, kRequest}) {
    EXPECT_EQ(target_named(member_of(one)), one);
  }
  EXPECT_EQ(target_named("nothing"), kNothing);
}

}  // namespace
}  // namespace cc::command
