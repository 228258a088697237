#include "journal/start_point.h"

#include <gtest/gtest.h>

namespace cc::journal {
namespace {

using Kind = StartPoint::Kind;

Epoch epoch(std::string_view text = "k3f9x2ab") {
  return *Epoch::parse(text);
}

Position journal(Seq oldest, Seq head) {
  return {.epoch = epoch(), .head = head, .oldest = oldest, .last_at = 0};
}

Cursor now() {
  return {epoch(), 18};
}

StartPoint after(std::string_view cursor) {
  return start_from(cursor, std::nullopt, now());
}

TEST(StartFrom, NothingAskedMeansFromNowOn) {
  EXPECT_EQ(start_from(std::nullopt, std::nullopt, now()).kind, Kind::kNow);
  EXPECT_EQ(start_from("", "", now()).kind, Kind::kNow);
}

TEST(StartFrom, TheHeaderWinsOverTheQuery) {
  const auto start = start_from("k3f9x2ab-7", "k3f9x2ab-3", now());
  ASSERT_EQ(start.kind, Kind::kAfter);
  EXPECT_EQ(start.after->seq, 7U);
  EXPECT_EQ(start_from("nonsense", "k3f9x2ab-3", now()).kind, Kind::kMalformed);
}

TEST(StartFrom, AnEmptyHeaderLeavesItToTheQuery) {
  EXPECT_EQ(start_from("", "k3f9x2ab-3", now()).after->seq, 3U);
}

TEST(StartFrom, ZeroMeansFromTheOldest) {
  EXPECT_EQ(start_from(std::nullopt, "0", now()).kind, Kind::kOldest);
}

TEST(StartFrom, WhatIsNoCursorIsMalformed) {
  for (const auto* text :
       {"1", "00", "-1", "k3f9x2ab", "k3f9x2ab-", "k3f9x2ab-01", "K3F9X2AB-1", "k3f9x2ab-1 ",
        " k3f9x2ab-1", "k3f9x2ab--1", "k3f9x2ab-99999999999999999999"}) {
    EXPECT_EQ(after(text).kind, Kind::kMalformed) << text;
  }
}

TEST(Resolve, AnswersTheNumberAfterWhichToBegin) {
  const auto position = journal(11, 20);
  EXPECT_EQ(resolve(StartPoint{}, position), 20U);
  EXPECT_EQ(resolve(after(""), position), 18U);
  EXPECT_EQ(resolve(after("0"), position), 10U);
  EXPECT_EQ(resolve(after("k3f9x2ab-15"), position), 15U);
}

TEST(Resolve, TheEdgesOfWhatIsKeptCanBeServed) {
  const auto position = journal(11, 20);
  EXPECT_EQ(resolve(after("k3f9x2ab-10"), position), 10U);
  EXPECT_EQ(resolve(after("k3f9x2ab-20"), position), 20U);
}

TEST(Resolve, AnEmptyJournalServesItsOneCursor) {
  const auto position = journal(1, 0);
  EXPECT_EQ(resolve(StartPoint{}, position), 0U);
  EXPECT_EQ(resolve(after("0"), position), 0U);
  EXPECT_EQ(resolve(after("k3f9x2ab-0"), position), 0U);
}

TEST(Resolve, AJournalTrimmedToNothingGoesOnFromItsHead) {
  EXPECT_EQ(resolve(after("0"), journal(21, 20)), 20U);
}

struct Refused {
  std::string asked;
  std::string reason;
};

class ResolveRefuses : public ::testing::TestWithParam<Refused> {};

TEST_P(ResolveRefuses, AndSaysWhereToGoOn) {
  const auto where = resolve(after(GetParam().asked), journal(11, 20));
  ASSERT_FALSE(where);
  EXPECT_EQ(where.error().reason, GetParam().reason);
  EXPECT_EQ(where.error().cursor.text(), "k3f9x2ab-20");
}

INSTANTIATE_TEST_SUITE_P(Table, ResolveRefuses,
                         ::testing::Values(Refused{"other000-15", "epoch"},
                                           Refused{"k3f9x2ab-21", "epoch"},
                                           Refused{"k3f9x2ab-18446744073709551615", "epoch"},
                                           Refused{"k3f9x2ab-9", "retention"},
                                           Refused{"k3f9x2ab-0", "retention"},
                                           Refused{"what", "malformed"}));

}  // namespace
}  // namespace cc::journal
