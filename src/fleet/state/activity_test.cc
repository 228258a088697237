#include "fleet/state/activity.h"

#include <gmock/gmock.h>

#include "base/testing/fake_clock.h"

namespace cc::fleet {
namespace {

using ::testing::Each;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr Millis kMinute{60'000};

class ActivityTest : public ::testing::Test {
 protected:
  static std::shared_ptr<ChangeSet> touching(std::string gateway, std::vector<std::string> agents) {
    auto changes = std::make_shared<ChangeSet>();
    changes->gateway = std::move(gateway);
    for (auto& id : agents) {
      changes->agents.upsert.push_back(
          std::make_shared<Agent>(Agent{.gateway = changes->gateway, .id = std::move(id)}));
    }
    return changes;
  }

  void happen(std::string gateway, std::vector<std::string> agents) {
    const auto changes = touching(std::move(gateway), std::move(agents));
    activity_.published({&changes, 1}, clock_.wall(), {epoch_, ++seq_});
  }

  Activity::Window window(const Activity::Wanted& wanted = {}) const {
    return activity_.window(clock_.wall(), wanted);
  }

  // On a minute's border, so that a test knows when the next one begins.
  FakeClock clock_{1'795'000'020'000};
  Epoch epoch_ = *Epoch::parse("k3f9x2ab");
  Seq seq_ = 7;
  Activity activity_{{epoch_, seq_}};
};

TEST_F(ActivityTest, CountsByMinuteOldestFirst) {
  happen("alpha", {"otto", "scout"});
  happen("alpha", {"otto"});
  clock_.advance(2 * kMinute + Millis(5));
  happen("alpha", {"otto"});
  const auto seen = window({.minutes = 4, .gateway = {}, .agents = {}});
  EXPECT_EQ(seen.from, 1'795'000'020'000 - kMinute.count());
  EXPECT_EQ(seen.cursor.seq, seq_);
  ASSERT_THAT(seen.items, SizeIs(2));
  EXPECT_EQ(seen.items[0].id, "otto");
  EXPECT_EQ(seen.items[0].counts, (std::vector<std::uint32_t>{0, 2, 0, 1}));
  EXPECT_EQ(seen.items[1].counts, (std::vector<std::uint32_t>{0, 1, 0, 0}));
}

TEST_F(ActivityTest, StandsAtTheJournalsHeadBeforeAnythingHappens) {
  EXPECT_EQ(window().cursor.seq, 7U);
  EXPECT_THAT(window().items, IsEmpty());
}

TEST_F(ActivityTest, AnHourLaterItIsForgotten) {
  happen("alpha", {"otto"});
  clock_.advance(59 * kMinute);
  ASSERT_THAT(window().items, SizeIs(1));
  EXPECT_EQ(window().items[0].counts.front(), 1U);
  EXPECT_THAT(window({.minutes = 59, .gateway = {}, .agents = {}}).items, IsEmpty());
  clock_.advance(kMinute);
  EXPECT_THAT(window().items, IsEmpty());
}

TEST_F(ActivityTest, AMinuteOfYesterdayDoesNotShowThroughToday) {
  happen("alpha", {"otto"});
  clock_.advance(24 * 60 * kMinute);
  happen("alpha", {"otto"});
  const auto counts = window().items.at(0).counts;
  EXPECT_EQ(counts.back(), 1U);
  EXPECT_THAT(std::vector(counts.begin(), counts.end() - 1), Each(0U));
}

TEST_F(ActivityTest, FillsInWhatWasBefore) {
  happen("alpha", {"otto"});
  const std::vector<std::string> agents{"otto", "scout"};
  activity_.count("alpha", agents, {}, clock_.wall() - 3 * kMinute.count());
  activity_.count("alpha", agents, {}, clock_.wall() - 90 * kMinute.count());
  const auto seen = window({.minutes = 4, .gateway = {}, .agents = {}});
  ASSERT_THAT(seen.items, SizeIs(2));
  EXPECT_EQ(seen.items[0].counts, (std::vector<std::uint32_t>{1, 0, 0, 1}));
  EXPECT_EQ(seen.items[1].counts, (std::vector<std::uint32_t>{1, 0, 0, 0}));
}

TEST_F(ActivityTest, ShowsTheGatewayAndTheAgentsAskedFor) {
  happen("beta", {"otto"});
  happen("alpha", {"scout", "otto"});
  ASSERT_THAT(window().items, SizeIs(3));
  EXPECT_EQ(window().items[0].gateway, "alpha");
  EXPECT_EQ(window().items[0].id, "otto");
  EXPECT_THAT(window({.minutes = 60, .gateway = "beta", .agents = {}}).items, SizeIs(1));
  EXPECT_THAT(window({.minutes = 60, .gateway = {}, .agents = {"otto"}}).items, SizeIs(2));
}

TEST_F(ActivityTest, KeepsTheJournalsTimeWhenTheClockGoesBack) {
  happen("alpha", {"otto"});
  const auto seen = activity_.window(clock_.wall() - 5 * kMinute.count(), {});
  ASSERT_THAT(seen.items, SizeIs(1));
  EXPECT_EQ(seen.items[0].counts.back(), 1U);
}

TEST_F(ActivityTest, HoldsSoManyAgentsAndMakesRoomAgain) {
  std::vector<std::string> many;
  for (std::size_t i = 0; i < Activity::kMaxAgents + 5; ++i)
    many.push_back("a" + std::to_string(i));
  happen("alpha", many);
  EXPECT_THAT(window().items, SizeIs(Activity::kMaxAgents));
  happen("beta", {"late"});
  EXPECT_THAT(window({.minutes = 60, .gateway = "beta", .agents = {}}).items, IsEmpty());
  clock_.advance(61 * kMinute);
  happen("beta", {"late"});
  EXPECT_THAT(window().items, SizeIs(1));
}

class RunEndsTest : public ActivityTest {
 protected:
  /// The row of a session whose run ended so, committed now.
  void tell(TimeMs ended_at, std::string_view status, std::optional<TimeMs> error_at = {}) {
    SessionRow row{.gateway = "alpha", .key = "agent:otto:main"};
    row.agent_id = "otto";
    row.status = status;
    row.started_at = ended_at - 10;
    row.ended_at = ended_at;
    row.last_error_at = error_at;
    const auto told = std::make_shared<ChangeSet>();
    told->gateway = "alpha";
    told->sessions.upsert.push_back(PackedSession::make(row));
    activity_.published({&told, 1}, clock_.wall(), {epoch_, ++seq_});
  }
  Activity::Item item() const {
    return window({.minutes = 3, .gateway = {}, .agents = {}}).items.at(0);
  }
  using Buckets = std::vector<std::uint32_t>;
};

TEST_F(RunEndsTest, AreCountedOnceHoweverOftenTheRowIsTold) {
  const TimeMs at = clock_.wall() + 5;
  tell(at, "failed", at);
  clock_.advance(kMinute);
  tell(at, "failed", at);
  tell(clock_.wall(), "done", at);
  EXPECT_EQ(item().failed, (Buckets{0, 1, 0}));
  EXPECT_EQ(item().done, (Buckets{0, 0, 1}));
}

TEST_F(RunEndsTest, OfLongAgoAreNotOfNow) {
  const TimeMs at = clock_.wall() - 61 * kMinute.count();
  tell(at, "failed", at);
  EXPECT_EQ(item().failed, (Buckets{0, 0, 0}));
}

TEST_F(RunEndsTest, InTheFutureOfAFastClockCountNow) {
  const TimeMs at = clock_.wall() + 60 * kMinute.count();
  tell(at, "failed", at);
  EXPECT_EQ(item().failed, (Buckets{0, 0, 1}));
}

TEST_F(RunEndsTest, StoppedByAPersonAreNotCountedAlsoWhereTheyLookedLikeAFailure) {
  const TimeMs at = clock_.wall();
  tell(at, "timeout", at);
  tell(at, "killed");
  EXPECT_EQ(item().failed, (Buckets{0, 0, 0}));
  EXPECT_EQ(item().done, (Buckets{0, 0, 0}));
}

TEST_F(RunEndsTest, FromTheJournalDoNotCorrectWhatIsNewer) {
  const TimeMs at = clock_.wall();
  tell(at, "killed");
  const RunEnd older{
      .agent = "otto", .session = "agent:otto:main", .at = at, .outcome = Outcome::kFailed};
  activity_.count("alpha", {}, {{older}}, at);
  EXPECT_EQ(item().failed, (Buckets{0, 0, 0}));
}

}  // namespace
}  // namespace cc::fleet
