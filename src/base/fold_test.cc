#include "base/fold.h"

#include <string>

#include <gtest/gtest.h>

namespace cc {
namespace {

using Words = std::pair<std::string, std::string>;
using WordFold = Fold<Words>;

constexpr Millis kStart = std::chrono::hours(1);

class FoldTest : public ::testing::Test {
 protected:
  bool passes(const std::string& what, const std::string& whose, Millis now = kStart) {
    return fold_.passes({what, whose}, {what, ""}, now);
  }
  WordFold fold_;
};

TEST_F(FoldTest, TheFirstPassesAndTheOthersAreCounted) {
  EXPECT_TRUE(passes("refused", "a"));
  for (int i = 1; i <= 96'000; ++i) EXPECT_FALSE(passes("refused", "a", kStart + Millis(i % 9)));
  EXPECT_TRUE(passes("refused", "b"));
  EXPECT_TRUE(passes("full", "a"));
  const auto due = fold_.take_all();
  ASSERT_EQ(due.size(), 1U) << "what happened once is told already";
  EXPECT_EQ(due[0].key, Words("refused", "a"));
  EXPECT_EQ(due[0].times, 96'000U);
  EXPECT_EQ(due[0].last, kStart + Millis(96'000 % 9));
}

TEST_F(FoldTest, TheCountIsDueOnceTheMinuteIsOver) {
  EXPECT_TRUE(passes("refused", "a"));
  EXPECT_FALSE(passes("refused", "a", kStart + Millis(1)));
  EXPECT_TRUE(fold_.take_due(kStart + WordFold::kWindow - Millis(1)).empty());
  EXPECT_EQ(fold_.take_due(kStart + WordFold::kWindow).size(), 1U);
  EXPECT_TRUE(passes("refused", "a", kStart + WordFold::kWindow)) << "a new minute";
}

TEST_F(FoldTest, AClockThatIsSetBackDoesNotSilenceForHours) {
  EXPECT_TRUE(passes("refused", "a"));
  EXPECT_FALSE(passes("refused", "a"));
  EXPECT_EQ(fold_.take_due(kStart - Millis(1)).size(), 1U);
  EXPECT_TRUE(passes("refused", "a", kStart - Millis(1)));
}

/// Attack: from as many addresses as there are.
TEST_F(FoldTest, ManyAreCountedTogether) {
  std::uint64_t told = 0;
  for (int i = 0; i < 100'000; ++i) told += passes("refused", std::to_string(i)) ? 1U : 0U;
  EXPECT_EQ(told, WordFold::kMaxApart);
  const auto due = fold_.take_all();
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].key, Words("refused", ""));
  EXPECT_EQ(due[0].times + told, 100'000U);
}

}  // namespace
}  // namespace cc
