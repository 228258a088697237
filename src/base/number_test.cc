#include "base/number.h"

#include <cstdint>

#include <gtest/gtest.h>

namespace cc {
namespace {

TEST(NumberIn, IsAllOfTheText) {
  EXPECT_EQ(number_in<int>("42"), 42);
  EXPECT_EQ(number_in<int>("-1"), -1);
  EXPECT_EQ(number_in<double>("0.5"), 0.5);
  for (const auto* text : {"", "42 ", " 42", "4x", "+1", "0x1"}) {
    EXPECT_EQ(number_in<int>(text), std::nullopt) << text;
  }
  EXPECT_EQ(number_in<std::uint8_t>("256"), std::nullopt);
  EXPECT_EQ(number_in<unsigned>("-1"), std::nullopt);
}

}  // namespace
}  // namespace cc
