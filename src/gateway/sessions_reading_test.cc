#include "gateway/sessions_reading.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cc::gateway {
namespace {

SessionsReading::Page page(std::initializer_list<const char*> keys,
                           std::optional<std::int64_t> total, std::optional<std::int64_t> next) {
  SessionsReading::Page page;
  for (const char* key : keys) {
    fleet::SessionPatch row;
    row.key = key;
    page.list.sessions.push_back(std::move(row));
  }
  page.total = total;
  page.next_offset = next;
  return page;
}

TEST(SessionsReading, OnePageWithoutATotalIsAll) {
  SessionsReading reading;
  reading.add(page({"a", "b"}, std::nullopt, std::nullopt), 0);
  EXPECT_TRUE(reading.complete());
  EXPECT_EQ(reading.take().sessions.size(), 2U);
}

TEST(SessionsReading, NoPageIsNotAll) {
  EXPECT_FALSE(SessionsReading().complete());
}

TEST(SessionsReading, ReadsOnUntilThereIsNoNextOffset) {
  SessionsReading reading;
  reading.add(page({"a", "b"}, 3, 2), 0);
  EXPECT_EQ(reading.next_offset(), 2);
  EXPECT_FALSE(reading.complete());
  reading.add(page({"c"}, 3, std::nullopt), 0);
  EXPECT_EQ(reading.next_offset(), std::nullopt);
  const auto list = reading.take();
  EXPECT_TRUE(list.complete);
  EXPECT_EQ(list.sessions.size(), 3U);
}

TEST(SessionsReading, ATotalThatNobodyExplainsIsNotComplete) {
  SessionsReading reading;
  reading.add(page({"a", "b"}, 3, 2), 0);
  reading.add(page({"c"}, 4, std::nullopt), 0);
  EXPECT_FALSE(reading.take().complete);
}

TEST(SessionsReading, ARowThatSlippedAcrossABorderIsNoticed) {
  SessionsReading reading;
  reading.add(page({"a", "b"}, 4, 2), 0);
  reading.add(page({"b", "d"}, 4, std::nullopt), 0);  // c jumped to the front, and nobody said so
  EXPECT_FALSE(reading.complete());
  EXPECT_EQ(reading.take().sessions.size(), 3U) << "b is there once";
}

TEST(SessionsReading, WhatJumpedToTheFrontWasToldOf) {
  SessionsReading reading;
  reading.add(page({"a", "b"}, 4, 2), 0);
  reading.told("c", true);
  reading.add(page({"b", "d"}, 4, std::nullopt), 0);
  const auto list = reading.take();
  EXPECT_TRUE(list.complete);
  EXPECT_EQ(list.sessions.size(), 3U);
  EXPECT_THAT(list.others, ::testing::ElementsAre("c"));
}

TEST(SessionsReading, WhatCameMeanwhileCounts) {
  SessionsReading reading;
  reading.add(page({"a", "b"}, 3, 2), 0);
  reading.told("new", true);
  reading.add(page({"b", "c"}, 4, std::nullopt), 0);
  EXPECT_TRUE(reading.complete());
}

TEST(SessionsReading, ADeletedOneLetsTheRestSlipPastABorder) {
  SessionsReading reading;
  reading.add(page({"a", "b"}, 5, 2), 0);
  reading.told("a", false);
  reading.add(page({"d", "e"}, 4, std::nullopt), 0);  // c stands where b stood
  ASSERT_EQ(reading.next_offset(), 0) << "one in front of the border, and one to spare";
  reading.add(page({"b", "c", "d"}, 4, 3), 0);
  EXPECT_EQ(reading.next_offset(), 2) << "with one to spare from now on";
  reading.add(page({"d", "e"}, 4, std::nullopt), 0);
  const auto list = reading.take();
  EXPECT_TRUE(list.complete);
  EXPECT_EQ(list.sessions.size(), 5U) << "its delete follows";
  EXPECT_TRUE(list.others.empty());
}

TEST(SessionsReading, WhoIsDeletedFasterThanItCanBeReadIsReadToTheEnd) {
  SessionsReading reading;
  reading.add(page({"a", "b"}, 900, 200), 0);
  for (int i = 0; i < 300; ++i) reading.told("gone" + std::to_string(i), false);
  reading.add(page({"c"}, 600, 400), 0);
  EXPECT_EQ(reading.next_offset(), 300);
}

TEST(SessionsReading, EventsAfterTheLastPageAreNotOfIt) {
  SessionsReading reading;
  reading.add(page({"a", "b"}, 2, std::nullopt), 0);
  reading.told("new", true);
  reading.told("a", false);
  EXPECT_TRUE(reading.complete());
}

TEST(SessionsReading, RefusedRowsCountAsSeen) {
  SessionsReading reading;
  reading.add(page({"a", "b"}, 3, std::nullopt), 1);
  EXPECT_TRUE(reading.complete());
}

TEST(SessionsReading, AnOffsetThatStandsStillEndsIt) {
  SessionsReading reading;
  reading.add(page({"a"}, 9, 1), 0);
  reading.add(page({"b"}, 9, 1), 0);
  EXPECT_EQ(reading.next_offset(), std::nullopt);
  EXPECT_FALSE(reading.complete());
}

}  // namespace
}  // namespace cc::gateway
