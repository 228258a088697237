#include "auth/guess_limits.h"

#include <gtest/gtest.h>

#include "base/testing/fake_clock.h"

namespace cc::auth {
namespace {

class GuessLimitsTest : public ::testing::Test {
 protected:
  GuessLimitsTest() { clock_.advance(std::chrono::hours(5)); }

  void fail(const std::string& address, int times = 1) {
    for (int i = 0; i < times; ++i) limits_.failed(address, clock_.steady());
  }
  Millis wait(const std::string& address) {
    return limits_.wait(address, clock_.steady()).value_or(Millis(0));
  }

  FakeClock clock_;
  GuessLimits limits_;
};

TEST_F(GuessLimitsTest, AFewMistakesCostNothing) {
  fail("10.0.0.1", GuessLimits::kFreeFailures);
  EXPECT_EQ(wait("10.0.0.1"), Millis(0));
}

TEST_F(GuessLimitsTest, EachFurtherFailureDoublesTheWait) {
  fail("10.0.0.1", GuessLimits::kFreeFailures);
  for (int seconds = 1; seconds <= 32; seconds *= 2) {
    fail("10.0.0.1");
    EXPECT_EQ(wait("10.0.0.1"), std::chrono::seconds(seconds));
  }
  fail("10.0.0.1", 50);
  EXPECT_EQ(wait("10.0.0.1"), GuessLimits::kLongestWait);
}

TEST_F(GuessLimitsTest, AWaitEndsByItself) {
  fail("10.0.0.1", 50);
  clock_.advance(GuessLimits::kLongestWait - Millis(1));
  EXPECT_EQ(wait("10.0.0.1"), Millis(1));
  clock_.advance(Millis(1));
  EXPECT_EQ(wait("10.0.0.1"), Millis(0));
}

TEST_F(GuessLimitsTest, OthersDoNotWait) {
  fail("10.0.0.1", 5000);
  EXPECT_EQ(wait("10.0.0.2"), Millis(0));
}

TEST_F(GuessLimitsTest, SuccessForgets) {
  fail("10.0.0.1", 50);
  limits_.succeeded("10.0.0.1");
  EXPECT_EQ(wait("10.0.0.1"), Millis(0));
  EXPECT_EQ(limits_.addresses(), 0U);
}

TEST_F(GuessLimitsTest, TimeForgets) {
  fail("10.0.0.1", 50);
  clock_.advance(GuessLimits::kForgottenAfter);
  fail("10.0.0.1", GuessLimits::kFreeFailures);
  EXPECT_EQ(wait("10.0.0.1"), Millis(0));
}

TEST_F(GuessLimitsTest, ManyAddressesThatFailSlowEachOtherDown) {
  fail("10.0.0.1");
  EXPECT_EQ(wait("10.0.0.1"), Millis(0));
  for (int i = 1; i < GuessLimits::kFailuresInAll; ++i) fail("10.1.0." + std::to_string(i));
  EXPECT_EQ(wait("10.0.0.1"), GuessLimits::kWaitInAll);
  EXPECT_EQ(wait("10.0.0.2"), Millis(0)) << "an address without failures is never made to wait";
  clock_.advance(std::chrono::seconds(1));
  EXPECT_EQ(wait("10.0.0.1"), Millis(0));
}

TEST_F(GuessLimitsTest, MemoryIsBounded) {
  fail("10.9.9.9", 50);
  for (std::size_t i = 0; i < 3 * GuessLimits::kMaxAddresses; ++i) fail("host" + std::to_string(i));
  EXPECT_EQ(limits_.addresses(), GuessLimits::kMaxAddresses);
}

TEST(Household, OneIpv6NetworkIsOne) {
  EXPECT_EQ(household("2001:db8:1:2::1"), household("2001:db8:1:2:ffff::9"));
  EXPECT_NE(household("2001:db8:1:2::1"), household("2001:db8:1:3::1"));
}

// It stood as eight raw bytes in the log.
TEST(Household, OfAnIpv6NetworkCanBeRead) {
  EXPECT_EQ(household("2001:db8:1:2:3::9"), "2001:db8:1:2::/64");
  EXPECT_EQ(household("::1"), "::/64");
}

TEST(Household, MappedIpv4IsIpv4) {
  EXPECT_EQ(household("::ffff:10.0.0.1"), "10.0.0.1");
  EXPECT_NE(household("::ffff:10.0.0.1"), household("::ffff:10.0.0.2"));
}

}  // namespace
}  // namespace cc::auth
