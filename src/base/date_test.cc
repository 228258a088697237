#include "base/date.h"

#include <gtest/gtest.h>

namespace cc {
namespace {

// The example of RFC 9110, section 5.6.7.
constexpr TimeMs kExample = 784'111'777'000;

TEST(Date, IsWrittenInUtc) {
  EXPECT_EQ(utc_day(kExample), "1994-11-06");
  EXPECT_EQ(utc_minute(kExample), "1994-11-06T08:49Z");
  EXPECT_EQ(http_date(kExample), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(Date, KnowsLeapDays) {
  EXPECT_EQ(utc_day(1'709'164'800'000), "2024-02-29");
}

TEST(Date, ADurationIsToldInItsTwoLargestUnits) {
  using namespace std::chrono_literals;
  EXPECT_EQ(duration_text(8 * 24h), "8 d");
  EXPECT_EQ(duration_text(8 * 24h - 1s), "7 d 23 h");
  EXPECT_EQ(duration_text(-(3h + 5min)), "-3 h 5 min");
  EXPECT_EQ(duration_text(90s), "1 min 30 s");
  EXPECT_EQ(duration_text(1999ms), "1 s");
}

TEST(Date, PadsWhatIsShort) {
  EXPECT_EQ(utc_minute(0), "1970-01-01T00:00Z");
  EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
}

}  // namespace
}  // namespace cc
