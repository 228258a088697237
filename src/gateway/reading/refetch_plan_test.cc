#include "gateway/reading/refetch_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/fake_clock.h"

namespace cc::gateway {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using What = Refetch::What;

class RefetchPlanTest : public ::testing::Test {
 protected:
  SteadyTime now() const { return clock_.steady(); }

  std::optional<Refetch> take() { return plan_.take(now()); }
  /// Turns the clock until something is due, does it, and tells how long that took.
  Millis do_next(What expected) {
    const auto due = plan_.next_due();
    EXPECT_TRUE(due);
    if (!due) return {};
    const auto wait = std::chrono::duration_cast<Millis>(*due - now());
    if (wait > Millis(0)) clock_.advance(wait);
    const auto refetch = take();
    EXPECT_TRUE(refetch);
    if (!refetch) return wait;
    EXPECT_EQ(refetch->what, expected);
    plan_.finished(*refetch, true, now());
    return wait;
  }

  Timing timing_;
  FakeClock clock_;
  RefetchPlan plan_{timing_, {}, clock_.steady(), 1};
};

TEST_F(RefetchPlanTest, WantsNothingByItself) {
  EXPECT_EQ(plan_.next_due(), std::nullopt);
  EXPECT_EQ(take(), std::nullopt);
}

TEST_F(RefetchPlanTest, ManyWishesAreOneReading) {
  for (int i = 0; i < 10; ++i) {
    plan_.want_agents(now());
    clock_.advance(milliseconds(20));
  }
  EXPECT_EQ(do_next(What::kAgents), milliseconds(50)) << "the first wish sets the time";
  EXPECT_EQ(plan_.next_due(), std::nullopt);
}

TEST_F(RefetchPlanTest, SessionsKeepTheirDistance) {
  plan_.want_sessions(now());
  EXPECT_EQ(do_next(What::kSessions), timing_.sessions_debounce);
  plan_.want_sessions(now());
  const Millis wait = do_next(What::kSessions);
  EXPECT_GE(wait, timing_.sessions_spacing * 8 / 10);
  EXPECT_LE(wait, timing_.sessions_spacing * 12 / 10);
}

TEST_F(RefetchPlanTest, TheDistanceGrowsWhileTheyKeepComing) {
  Millis wait{};
  for (int i = 0; i < 10; ++i) {
    plan_.want_sessions(now());
    wait = do_next(What::kSessions);
  }
  EXPECT_GE(wait, timing_.sessions_spacing_most * 8 / 10);
  EXPECT_LE(wait, timing_.sessions_spacing_most * 12 / 10);
  clock_.advance(timing_.sessions_spacing_most * 3);
  plan_.want_sessions(now());
  EXPECT_EQ(do_next(What::kSessions), timing_.sessions_debounce);
  plan_.want_sessions(now());
  EXPECT_LE(do_next(What::kSessions), timing_.sessions_spacing * 12 / 10) << "calm again";
}

TEST_F(RefetchPlanTest, AgentsNeedNotWaitForSessions) {
  plan_.want_sessions(now());
  do_next(What::kSessions);
  plan_.want_sessions(now());
  plan_.want_agents(now());
  EXPECT_EQ(do_next(What::kAgents), timing_.agents_debounce);
  do_next(What::kSessions);
}

TEST_F(RefetchPlanTest, EverythingIncludesTheRest) {
  plan_.want_agents(now());
  plan_.want_presence(now());
  plan_.want_sessions(now());
  plan_.request_resync(now());
  EXPECT_TRUE(plan_.resync_wanted());
  do_next(What::kResync);
  EXPECT_EQ(plan_.next_due(), std::nullopt);
}

TEST_F(RefetchPlanTest, WhatFailedComesAgainLater) {
  plan_.want_agents(now());
  clock_.advance(timing_.agents_debounce);
  const auto refetch = take();
  ASSERT_TRUE(refetch);
  plan_.finished(*refetch, false, now());
  EXPECT_EQ(do_next(What::kAgents), timing_.refetch_retry);
}

TEST_F(RefetchPlanTest, TimersReadWhatNoEventTells) {
  RefetchPlan plan(timing_, {.agents = true, .sessions = true}, now(), 1);
  EXPECT_EQ(plan.next_due(), now() + timing_.agents_poll);
  clock_.advance(timing_.slow_poll);
  const auto first = plan.take(now());
  ASSERT_TRUE(first);
  EXPECT_EQ(first->what, What::kAgents);
  plan.finished(*first, true, now());
  const auto second = plan.take(now());
  ASSERT_TRUE(second);
  EXPECT_EQ(second->what, What::kSessions);
  plan.finished(*second, true, now());
  EXPECT_EQ(plan.next_due(), now() + timing_.agents_poll);
}

TEST_F(RefetchPlanTest, TheInitialSyncCountsAsAReading) {
  plan_.want_sessions(now());
  plan_.first_reading_starts();
  EXPECT_EQ(plan_.next_due(), std::nullopt);
  plan_.want_agents(now());  // while it is read
  plan_.first_reading_done(now());
  EXPECT_EQ(do_next(What::kAgents), timing_.agents_debounce);
  plan_.want_sessions(now());
  EXPECT_GE(do_next(What::kSessions), timing_.sessions_spacing * 8 / 10 - timing_.agents_debounce);
}

}  // namespace
}  // namespace cc::gateway
