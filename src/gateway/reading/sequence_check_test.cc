#include "gateway/reading/sequence_check.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cc::gateway {
namespace {

using ::testing::HasSubstr;

TEST(SequenceCheck, CountsFromOne) {
  SequenceCheck check;
  for (std::int64_t seq = 1; seq < 5; ++seq) EXPECT_FALSE(check.accept(seq));
}

TEST(SequenceCheck, AMissingFirstIsAGap) {
  EXPECT_TRUE(SequenceCheck().accept(2));
}

TEST(SequenceCheck, TellsBothNumbersAndCountsOn) {
  SequenceCheck check;
  EXPECT_FALSE(check.accept(1));
  const auto gap = check.accept(5);
  ASSERT_TRUE(gap);
  EXPECT_THAT(*gap, HasSubstr("number 2"));
  EXPECT_THAT(*gap, HasSubstr("5 came"));
  EXPECT_FALSE(check.accept(6));
}

TEST(SequenceCheck, ALowerOrRepeatedNumberIsAGap) {
  SequenceCheck check;
  for (std::int64_t seq = 1; seq < 4; ++seq) EXPECT_FALSE(check.accept(seq));
  EXPECT_TRUE(check.accept(3));
  EXPECT_TRUE(check.accept(1));
  EXPECT_FALSE(check.accept(2));
}

TEST(SequenceCheck, EventsWithoutANumberAreTaken) {
  SequenceCheck check;
  EXPECT_FALSE(check.accept(1));
  EXPECT_FALSE(check.accept(std::nullopt));
  EXPECT_FALSE(check.accept(2));
}

TEST(SequenceCheck, TheLargestNumberDoesNotOverflow) {
  SequenceCheck check;
  EXPECT_TRUE(check.accept(std::numeric_limits<std::int64_t>::max()));
  EXPECT_TRUE(check.accept(7));
}

}  // namespace
}  // namespace cc::gateway
