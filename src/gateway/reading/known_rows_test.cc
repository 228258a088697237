#include "gateway/reading/known_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cc::gateway {
namespace {

using fleet::print_of;
using testing::Eq;
using testing::Optional;

constexpr KnownRows::RowPrint kOld = 1;
constexpr KnownRows::RowPrint kOther = 2;
constexpr KnownRows::RowPrint kNew = 3;

fleet::SessionPatch row(std::string_view key) {
  fleet::SessionPatch row;
  row.key = key;
  row.complete = true;
  return row;
}

fleet::AgentList agents(std::initializer_list<const char*> ids) {
  fleet::AgentList list;
  for (const char* id : ids) list.agents.push_back({.id = id});
  return list;
}

template <class What>
fleet::Observation observed(What what) {
  return {.gateway = "alpha", .what = std::move(what)};
}

fleet::SessionChanged changed(std::string_view key) {
  return {.row = row(key), .phase = {}, .reason = {}, .run_id = {}};
}

class Known : public testing::Test {
 protected:
  Known() {
    known.begin_listing();
    known.listed(row("a"), kOld);
    known.listed(row("b"), kOther);
    known.end_listing(true);
  }
  KnownRows known;
};

TEST_F(Known, IsWhatACommittedReadingListed) {
  EXPECT_THAT(known.find(kOld), Optional(print_of("a")));
  EXPECT_THAT(known.find(kOther), Optional(print_of("b")));
  EXPECT_THAT(known.find(kNew), Eq(std::nullopt));
}

TEST_F(Known, IsFoundInWhateverOrder) {
  known.begin_listing();
  std::vector<std::string> keys;
  for (int i = 0; i <= 100; ++i) keys.push_back("s" + std::to_string(i));
  for (KnownRows::RowPrint print = 100; print > 50; --print) {
    known.listed(row(keys[print]), print * 7919);
  }
  known.end_listing(true);
  for (const KnownRows::RowPrint print : {100U, 99U, 51U, 52U, 99U, 98U, 97U, 75U, 76U, 60U, 59U}) {
    EXPECT_THAT(known.find(print * 7919), Optional(print_of(keys[print])));
    EXPECT_FALSE(known.find(print)) << "and leaves the place as it was";
  }
}

TEST_F(Known, IsNoRowOfWhichARunWasTold) {
  using Kind = fleet::RunEvent::Kind;
  known.heard(observed(fleet::RunEvent{.kind = Kind::kProgress, .session_key = "a"}));
  EXPECT_TRUE(known.find(kOld)) << "that only goes on";
  known.heard(observed(fleet::RunEvent{.kind = Kind::kStart, .session_key = "a"}));
  EXPECT_FALSE(known.find(kOld))
      << "its row says idle, and is to be read to end a run that is over";
  EXPECT_TRUE(known.find(kOther));
}

TEST_F(Known, IsNothingBeforeTheReadingIsCommitted) {
  KnownRows fresh;
  fresh.begin_listing();
  fresh.listed(row("a"), kOld);
  EXPECT_FALSE(fresh.find(kOld));
}

TEST_F(Known, IsNothingWhereItMayNotHaveBeenStored) {
  known.begin_listing();
  known.listed_again(kOld, print_of("a"));
  known.end_listing(false);
  EXPECT_FALSE(known.find(kOld));
}

TEST_F(Known, GoesOnOverReadings) {
  known.begin_listing();
  known.listed_again(kOld, print_of("a"));
  known.listed(row("b"), kNew);
  known.end_listing(true);
  EXPECT_TRUE(known.find(kOld));
  EXPECT_TRUE(known.find(kNew));
  EXPECT_FALSE(known.find(kOther));
}

TEST_F(Known, IsNoLongerWhatAnEventSpokeOf) {
  known.heard(observed(changed("a")));
  EXPECT_FALSE(known.find(kOld));
  EXPECT_TRUE(known.find(kOther));
  known.heard(observed(fleet::SessionDeleted{.key = "b", .session_id = {}}));
  EXPECT_FALSE(known.find(kOther));
}

TEST_F(Known, IsNoLongerWhatAnotherListSpokeOf) {
  fleet::SessionList list;
  list.sessions.push_back(row("b"));
  known.heard(list);
  EXPECT_TRUE(known.find(kOld));
  EXPECT_FALSE(known.find(kOther));
}

// The fleet holds what was handed on before the reading broke off.
TEST_F(Known, IsNoLongerWhatABrokenReadingReadAnew) {
  known.begin_listing();
  known.listed(row("a"), kNew);
  known.begin_listing();
  EXPECT_FALSE(known.find(kOld));
  EXPECT_FALSE(known.find(kNew));
  EXPECT_TRUE(known.find(kOther));
}

// An event that comes before a page may be merged after it.
TEST_F(Known, IsNotWhatAnEventSpokeOfDuringTheReading) {
  known.begin_listing();
  known.heard(observed(changed("a")));
  known.listed(row("a"), kNew);
  known.listed(row("c"), kOld);
  known.heard(observed(changed("c")));
  known.end_listing(true);
  EXPECT_FALSE(known.find(kNew));
  EXPECT_FALSE(known.find(kOld));
}

TEST_F(Known, IsNoRowThatIsBusy) {
  auto by_flag = row("a");
  by_flag.has_active_run = true;
  auto by_word = row("b");
  by_word.status = "running";
  auto left_behind = row("c");
  left_behind.status = "running";
  left_behind.has_active_run = false;
  known.begin_listing();
  known.listed(by_flag, 11);
  known.listed(by_word, 12);
  known.listed(left_behind, 13);
  known.end_listing(true);
  EXPECT_FALSE(known.find(11));
  EXPECT_FALSE(known.find(12));
  EXPECT_TRUE(known.find(13));
}

TEST_F(Known, IsNothingOnceTheAgentsAreOthers) {
  known.agents_are(agents({"main", "otto"}));
  known.begin_listing();
  known.listed(row("a"), kOld);
  known.end_listing(true);
  known.agents_are(agents({"otto", "main"}));
  EXPECT_TRUE(known.find(kOld));
  known.heard(observed(fleet::AgentsListed{agents({"main"})}));
  EXPECT_FALSE(known.find(kOld));
}

TEST_F(Known, IsNothingOnceItIsForgottenAlsoWithinAReading) {
  known.begin_listing();
  known.listed(row("a"), kNew);
  known.forget();
  known.listed(row("b"), kOther);
  known.end_listing(true);
  for (const auto print : {kOld, kOther, kNew}) EXPECT_FALSE(known.find(print)) << print;
}

TEST_F(Known, IsNothingWhereMuchMoreWasSpokenOfThanThereIs) {
  for (int i = 0; i < 100; ++i) known.heard(observed(changed("s" + std::to_string(i))));
  EXPECT_FALSE(known.find(kOld)) << "it would only grow";
}

}  // namespace
}  // namespace cc::gateway
