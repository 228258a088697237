#include "ingest/journal_clock.h"

#include <gtest/gtest.h>

#include "base/testing/fake_clock.h"

namespace cc::ingest {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr std::int64_t kDay = Millis(days(1)).count();

TEST(JournalClock, AClockThatJumpedAheadForAMomentMakesNothingOld) {
  FakeClock clock;
  const auto before = clock.wall();
  JournalClock journal(clock, before);
  clock.jump(days(8));
  clock.advance(Millis(12'000));
  EXPECT_LE(journal.retention_now(), before + 24'000);
  clock.jump(-days(8));
  EXPECT_EQ(journal.retention_now(), clock.wall());
}

TEST(JournalClock, AMachineThatBootsWithItsClockAheadMakesNothingOld) {
  FakeClock clock;
  JournalClock journal(clock, clock.wall() - 8 * kDay);
  EXPECT_EQ(journal.retention_now(), clock.wall() - 8 * kDay);
}

// Entries of a clock that was ahead made the next start believe it, and a week was erased.
TEST(JournalClock, ARestartUnderAClockThatIsAheadMakesNothingOld) {
  FakeClock clock;
  const auto before = clock.wall();
  clock.jump(days(8));
  JournalClock first(clock, before);
  const auto noted = first.to_note();
  EXPECT_EQ(noted, before) << "ahead of the first entry";
  JournalClock second(clock, clock.wall(), *noted);
  EXPECT_EQ(second.retention_now(), before);
}

TEST(JournalClock, NotesSeldomAndNothingWhereTheClockIsBelieved) {
  FakeClock clock;
  const auto before = clock.wall();
  JournalClock journal(clock, before);
  EXPECT_EQ(journal.to_note(), std::nullopt);
  clock.jump(hours(1));
  ASSERT_EQ(journal.to_note(), before);
  journal.noted(before);
  clock.advance(Millis(4'000));
  EXPECT_EQ(journal.to_note(), std::nullopt);
  clock.advance(Millis(2'000));
  EXPECT_EQ(journal.to_note(), before + 12'000);
  clock.advance(hours(1));
  EXPECT_EQ(journal.to_note(), 0);
  journal.noted(0);
  EXPECT_EQ(journal.to_note(), std::nullopt);
}

TEST(JournalClock, ARightClockIsBelievedAfterAsLongAsThePauseWas) {
  FakeClock clock;
  JournalClock journal(clock, clock.wall() - 2 * kDay);
  clock.advance(days(1));
  EXPECT_EQ(journal.retention_now(), clock.wall() - kDay);
  clock.advance(days(1));
  EXPECT_EQ(journal.retention_now(), clock.wall());
  clock.advance(days(30));
  EXPECT_EQ(journal.retention_now(), clock.wall());
}

TEST(JournalClock, AClockThatStoodInThePastIsBelievedAgainOnceItIsRight) {
  FakeClock clock;
  const auto now = clock.wall();
  clock.jump(-days(20'000));
  JournalClock journal(clock, now);
  EXPECT_EQ(journal.retention_now(), clock.wall());
  clock.jump(days(20'000));
  EXPECT_EQ(journal.retention_now(), clock.wall());
}

TEST(JournalClock, AJumpIsToldOnceAndTimeThatPassesIsNone) {
  FakeClock clock;
  JournalClock journal(clock, clock.wall());
  clock.advance(days(3));
  EXPECT_EQ(journal.jump(), std::nullopt);
  clock.jump(hours(8));
  EXPECT_EQ(journal.jump(), Millis(hours(8)));
  EXPECT_EQ(journal.jump(), std::nullopt);
  clock.jump(-hours(8));
  EXPECT_EQ(journal.jump(), -Millis(hours(8)));
}

TEST(JournalClock, AStampNeverGoesBack) {
  FakeClock clock;
  JournalClock journal(clock, clock.wall());
  const auto later = clock.wall() + kDay;
  journal.stamped(later);
  EXPECT_EQ(journal.stamp(clock.wall()), later);
  EXPECT_EQ(journal.stamp(later + 1), later + 1);
}

}  // namespace
}  // namespace cc::ingest
