#include "gateway/reading/sessions_listing.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cc::gateway {
namespace {

using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

fleet::SessionPatch row(std::string_view key, TimeMs updated_at = 0) {
  fleet::SessionPatch row;
  row.key = key;
  row.complete = true;
  if (updated_at > 0) row.updated_at = updated_at;
  return row;
}

SessionsListing::Page page(std::initializer_list<const char*> keys,
                           std::optional<std::int64_t> total, std::optional<std::int64_t> next) {
  SessionsListing::Page page;
  for (const char* key : keys) {
    page.list.sessions.push_back(row(key));
  }
  page.total = total;
  page.next_offset = next;
  return page;
}

fleet::SessionChanged changed(std::string_view key, TimeMs updated_at = 0) {
  return {.row = row(key, updated_at), .phase = {}, .reason = {}, .run_id = {}};
}

fleet::SessionDeleted deleted(std::string key) {
  return {.key = std::move(key), .session_id = {}};
}

std::vector<std::string_view> keys(const fleet::SessionList& list) {
  std::vector<std::string_view> keys;
  for (const auto& row : list.sessions) keys.push_back(row.key);
  return keys;
}

/// All that a whole list names.
std::set<fleet::IdentityPrint> named(const fleet::SessionList& list) {
  std::set<fleet::IdentityPrint> names(list.others.begin(), list.others.end());
  for (const auto& row : list.sessions) names.insert(fleet::print_of(row.key));
  return names;
}

std::set<fleet::IdentityPrint> just(std::initializer_list<std::string_view> keys) {
  std::set<fleet::IdentityPrint> names;
  for (const auto key : keys) names.insert(fleet::print_of(key));
  return names;
}

// A gateway answered the same row under ever new offsets: 30,000 requests in 10 s.
TEST(SessionsListing, APageThatBringsNothingNewEndsTheList) {
  SessionsListing listing;
  (void)listing.add(page({"a"}, 1'000'000, 1), 0);
  ASSERT_TRUE(listing.next_offset());
  const auto list = listing.add(page({"a"}, 1'000'000, 2), 0);
  EXPECT_FALSE(listing.next_offset());
  EXPECT_FALSE(list.complete);
}

TEST(SessionsListing, OnePageWithoutATotalIsAll) {
  SessionsListing reading;
  const auto list = reading.add(page({"a", "b"}, std::nullopt, std::nullopt), 0);
  EXPECT_TRUE(list.complete);
  EXPECT_EQ(list.sessions.size(), 2U);
  EXPECT_THAT(list.others, IsEmpty());
}

TEST(SessionsListing, NoPageIsNotAll) {
  EXPECT_FALSE(SessionsListing().complete());
}

TEST(SessionsListing, ReadsOnUntilThereIsNoNextOffset) {
  SessionsListing reading;
  const auto first = reading.add(page({"a", "b"}, 3, 2), 0);
  EXPECT_EQ(reading.next_offset(), 2);
  EXPECT_FALSE(first.complete);
  EXPECT_EQ(first.sessions.size(), 2U);
  const auto last = reading.add(page({"c"}, 3, std::nullopt), 0);
  EXPECT_EQ(reading.next_offset(), std::nullopt);
  EXPECT_TRUE(last.complete);
  EXPECT_THAT(keys(last), UnorderedElementsAre("c"));
  EXPECT_EQ(named(last), just({"a", "b", "c"}));
}

TEST(SessionsListing, ATotalThatNobodyExplainsIsNotComplete) {
  SessionsListing reading;
  (void)reading.add(page({"a", "b"}, 3, 2), 0);
  EXPECT_FALSE(reading.add(page({"c"}, 4, std::nullopt), 0).complete);
}

TEST(SessionsListing, ARowThatSlippedAcrossABorderIsNoticed) {
  SessionsListing reading;
  (void)reading.add(page({"a", "b"}, 4, 2), 0);
  // c jumped to the front, and nobody said so
  EXPECT_FALSE(reading.add(page({"b", "d"}, 4, std::nullopt), 0).complete);
}

TEST(SessionsListing, WhatJumpedToTheFrontWasToldOf) {
  SessionsListing reading;
  (void)reading.add(page({"a", "b"}, 4, 2), 0);
  reading.told(changed("c"));
  const auto last = reading.add(page({"b", "d"}, 4, std::nullopt), 0);
  EXPECT_TRUE(last.complete);
  EXPECT_EQ(named(last), just({"a", "b", "c", "d"}));
}

TEST(SessionsListing, WhatCameMeanwhileCounts) {
  SessionsListing reading;
  (void)reading.add(page({"a", "b"}, 3, 2), 0);
  reading.told(changed("new"));
  EXPECT_TRUE(reading.add(page({"b", "c"}, 4, std::nullopt), 0).complete);
}

TEST(SessionsListing, ADeletedOneLetsTheRestSlipPastABorder) {
  SessionsListing reading;
  (void)reading.add(page({"a", "b"}, 5, 2), 0);
  reading.told(deleted("a"));
  (void)reading.add(page({"d", "e"}, 4, std::nullopt), 0);  // c stands where b stood
  ASSERT_EQ(reading.next_offset(), 0) << "one in front of the border, and one to spare";
  (void)reading.add(page({"b", "c", "d"}, 4, 3), 0);
  EXPECT_EQ(reading.next_offset(), 2) << "with one to spare from now on";
  const auto last = reading.add(page({"d", "e"}, 4, std::nullopt), 0);
  EXPECT_TRUE(last.complete);
  EXPECT_EQ(named(last), just({"b", "c", "d", "e"}));
}

TEST(SessionsListing, WhoIsDeletedFasterThanItCanBeReadIsReadToTheEnd) {
  SessionsListing reading;
  (void)reading.add(page({"a", "b"}, 900, 200), 0);
  for (int i = 0; i < 300; ++i) reading.told(deleted("gone" + std::to_string(i)));
  (void)reading.add(page({"c"}, 600, 400), 0);
  EXPECT_EQ(reading.next_offset(), 300);
}

// Events pass between the pages, and the gateway may answer from what it remembered before them.
TEST(SessionsListing, ARowThatAnEventHasOvertakenIsLeftOut) {
  SessionsListing reading;
  (void)reading.add(page({"a"}, 3, 1), 0);
  reading.told(changed("b", 20));
  reading.told(changed("c", 20));
  SessionsListing::Page rest = page({}, 3, std::nullopt);
  rest.list.sessions.push_back(row("b", 10));
  rest.list.sessions.push_back(row("c", 30));
  const auto last = reading.add(std::move(rest), 0);
  EXPECT_THAT(keys(last), UnorderedElementsAre("c"));
  EXPECT_EQ(named(last), just({"a", "b", "c"}));
}

TEST(SessionsListing, ARowThatWasDeletedIsLeftOut) {
  SessionsListing reading;
  (void)reading.add(page({"a"}, 3, 1), 0);
  reading.told(deleted("c"));
  EXPECT_THAT(keys(reading.add(page({"b", "c"}, 3, std::nullopt), 0)), UnorderedElementsAre("b"));
}

TEST(SessionsListing, ADeleteOvertakesTheGenerationThatItMeans) {
  SessionsListing reading;
  (void)reading.add(page({"a"}, 2, 1), 0);
  reading.told(fleet::SessionDeleted{.key = "b", .session_id = "old"});
  SessionsListing::Page rest = page({}, 2, std::nullopt);
  rest.list.sessions.push_back(row("b", 10));
  rest.list.sessions.back().session_id = "new";
  EXPECT_THAT(keys(reading.add(std::move(rest), 0)), UnorderedElementsAre("b"));
}

TEST(SessionsListing, APartOfARowOvertakesNone) {
  SessionsListing reading;
  (void)reading.add(page({"a"}, 2, 1), 0);
  auto part = changed("b", 20);
  part.row.complete = false;
  reading.told(part);
  SessionsListing::Page rest = page({}, 2, std::nullopt);
  rest.list.sessions.push_back(row("b", 10));
  EXPECT_THAT(keys(reading.add(std::move(rest), 0)), UnorderedElementsAre("b"));
}

TEST(SessionsListing, EventsAfterTheLastPageAreNotOfIt) {
  SessionsListing reading;
  (void)reading.add(page({"a", "b"}, 2, std::nullopt), 0);
  reading.told(changed("new"));
  reading.told(deleted("a"));
  EXPECT_TRUE(reading.complete());
}

TEST(SessionsListing, RefusedRowsCountAsSeen) {
  SessionsListing reading;
  EXPECT_TRUE(reading.add(page({"a", "b"}, 3, std::nullopt), 1).complete);
}

TEST(SessionsListing, AnOffsetThatStandsStillEndsIt) {
  SessionsListing reading;
  (void)reading.add(page({"a"}, 9, 1), 0);
  EXPECT_FALSE(reading.add(page({"b"}, 9, 1), 0).complete);
  EXPECT_EQ(reading.next_offset(), std::nullopt);
}

}  // namespace
}  // namespace cc::gateway
