#include "fleet/text_arena.h"

#include <string>

#include <gtest/gtest.h>

namespace cc::fleet {
namespace {

TEST(TextArena, HasRoomForWhatIsExpectedWhereverItIsMoved) {
  TextArena made(100);
  TextArena moved(std::move(made));
  TextArena assigned;
  assigned = std::move(moved);
  EXPECT_EQ(assigned.keep("a"), "a");
  EXPECT_EQ(assigned.bytes(), 100U);
}

TEST(TextArena, KeepsWhatIsLongerThanABlock) {
  TextArena texts(1);
  const std::string text(10'000, 'x');
  EXPECT_EQ(texts.keep(text), text);
  EXPECT_EQ(texts.bytes(), text.size());
}

}  // namespace
}  // namespace cc::fleet
