#include "gateway_sim/pace.h"

#include <gtest/gtest.h>

#include "base/testing/fake_clock.h"

namespace cc::sim {
namespace {

TEST(Pace, OwesWhatTheRateSays) {
  FakeClock clock;
  Pace pace;
  pace.set_rate(100, clock.steady());
  EXPECT_EQ(pace.due(clock.steady()), 0U);
  clock.advance(Millis{250});
  EXPECT_EQ(pace.due(clock.steady()), 25U);
  pace.made(20);
  EXPECT_EQ(pace.due(clock.steady()), 5U);
  pace.made(30);
  EXPECT_EQ(pace.due(clock.steady()), 0U);
  clock.advance(Millis{1000});
  EXPECT_EQ(pace.due(clock.steady()), 75U);
}

}  // namespace
}  // namespace cc::sim
