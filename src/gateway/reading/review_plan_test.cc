#include "gateway/reading/review_plan.h"

#include <gtest/gtest.h>

#include "base/testing/fake_clock.h"

namespace cc::gateway {
namespace {

using namespace std::chrono_literals;

class ReviewPlanTest : public ::testing::Test {
 protected:
  [[nodiscard]] SteadyTime now() const { return clock_.steady(); }
  [[nodiscard]] bool is_due_after(Millis time) {
    clock_.advance(time);
    return plan_.due() && *plan_.due() <= now();
  }
  FakeClock clock_;
  ReviewPlan plan_{Timing{}};
};

TEST_F(ReviewPlanTest, NothingIsReviewedBeforeItWasRead) {
  (void)plan_.moved(now());
  EXPECT_FALSE(plan_.due());
}

TEST_F(ReviewPlanTest, ComesOnceAfterActivityWhenItIsQuiet) {
  plan_.reviewed(now(), 10ms);
  (void)plan_.moved(now());
  EXPECT_FALSE(is_due_after(29s));
  (void)plan_.moved(now());
  EXPECT_FALSE(is_due_after(29s));
  EXPECT_TRUE(is_due_after(1s));
  plan_.reviewed(now(), 10ms);
  EXPECT_FALSE(is_due_after(5min));
}

TEST_F(ReviewPlanTest, ComesSparselyWhereNothingIsHeardAndWhereItIsNeverQuiet) {
  plan_.reviewed(now(), 10ms);
  EXPECT_FALSE(is_due_after(599s));
  (void)plan_.moved(now());
  EXPECT_TRUE(is_due_after(1s));
}

TEST_F(ReviewPlanTest, TakesLittleOfTheTimeOfAGatewayThatIsSlow) {
  plan_.reviewed(now(), 2s);
  (void)plan_.moved(now());
  EXPECT_FALSE(is_due_after(39s));
  EXPECT_TRUE(is_due_after(1s));
  plan_.reviewed(now(), 2s);
  EXPECT_FALSE(is_due_after(1999s));
  EXPECT_TRUE(is_due_after(1s));
}

}  // namespace
}  // namespace cc::gateway
