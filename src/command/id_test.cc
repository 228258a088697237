#include "command/id.h"

#include <set>

#include <gtest/gtest.h>

namespace cc::command {
namespace {

TEST(CommandId, IsOfTwentySixDigitsAndLetters) {
  EXPECT_TRUE(is_id(draw_id(1'795'000'000'000)));
  EXPECT_FALSE(is_id("short"));
  EXPECT_FALSE(is_id(std::string(26, 'A')));
}

TEST(CommandId, LaterOnesSortBehind) {
  EXPECT_LT(draw_id(1'795'000'000'000), draw_id(1'795'000'000'001));
  EXPECT_LT(draw_id(0), draw_id(1'795'000'000'000));
}

TEST(CommandId, NoneIsDrawnTwice) {
  std::set<std::string> drawn;
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(drawn.insert(draw_id(7)).second);
}

TEST(CommandDigest, IsSha256) {
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace cc::command
