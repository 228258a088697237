#include "gateway/doubt.h"

#include <gtest/gtest.h>

namespace cc::gateway {
namespace {

TEST(Doubt, WhatNeverWasGoodIsBelievedAtOnce) {
  Doubt doubt;
  EXPECT_TRUE(doubt.believes());
  EXPECT_TRUE(doubt.believes());
}

TEST(Doubt, ASingleOddAnswerIsNoConclusion) {
  Doubt doubt;
  for (int i = 0; i < 10; ++i) {
    doubt.good();
    EXPECT_FALSE(doubt.believes());
    EXPECT_FALSE(doubt.believes());
  }
}

TEST(Doubt, SeveralInARowAreOneUntilItIsGoodAgain) {
  Doubt doubt;
  doubt.good();
  EXPECT_FALSE(doubt.believes());
  EXPECT_FALSE(doubt.believes());
  EXPECT_TRUE(doubt.believes());
  EXPECT_TRUE(doubt.believes());
  doubt.good();
  EXPECT_FALSE(doubt.believes());
}

}  // namespace
}  // namespace cc::gateway
