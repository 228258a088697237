#include "telemetry/log_fold.h"

#include <gtest/gtest.h>

namespace cc::telemetry {
namespace {

constexpr SteadyTime kStart{std::chrono::hours(1)};

TEST(LogFold, TheFirstPassesAndTheOthersAreCounted) {
  LogFold fold;
  EXPECT_TRUE(fold.passes("refused", "a", kStart));
  for (int i = 0; i < 96'000; ++i) EXPECT_FALSE(fold.passes("refused", "a", kStart));
  EXPECT_TRUE(fold.passes("refused", "b", kStart));
  EXPECT_TRUE(fold.passes("full", "a", kStart));
  EXPECT_TRUE(fold.take_due(kStart + LogFold::kWindow - Millis(1)).empty());
  const auto due = fold.take_due(kStart + LogFold::kWindow);
  ASSERT_EQ(due.size(), 1U) << "what happened once is told already";
  EXPECT_EQ(due[0].message, "refused");
  EXPECT_EQ(due[0].whose, "a");
  EXPECT_EQ(due[0].times, 96'000U);
  EXPECT_TRUE(fold.passes("refused", "a", kStart + LogFold::kWindow));
}

/// Attack: from as many addresses as there are.
TEST(LogFold, ManyAreCountedTogether) {
  LogFold fold;
  std::uint64_t written = 0;
  for (int i = 0; i < 100'000; ++i) {
    written += fold.passes("refused", std::to_string(i), kStart) ? 1U : 0U;
  }
  EXPECT_LE(written, LogFold::kMaxApart);
  const auto due = fold.take_all();
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].whose, "");
  EXPECT_EQ(due[0].times + written, 100'000U);
}

}  // namespace
}  // namespace cc::telemetry
