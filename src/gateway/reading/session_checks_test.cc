#include "gateway/reading/session_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/fake_clock.h"

namespace cc::gateway {
namespace {

using namespace std::chrono_literals;
using fleet::SessionPatch;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Verdict = SessionChecks::Verdict;

constexpr const char* kOps = "agent:main:ops";

SessionPatch row(std::string_view status) {
  SessionPatch patch;
  patch.key = kOps;
  patch.status.emplace(status);
  return patch;
}

SessionPatch with_figures(std::string_view status, std::int64_t input) {
  SessionPatch patch = row(status);
  patch.input_tokens = input;
  patch.output_tokens = 3;
  return patch;
}

class SessionChecksTest : public ::testing::Test {
 protected:
  [[nodiscard]] SteadyTime now() const { return clock_.steady(); }
  std::vector<std::string> after(Millis time) {
    clock_.advance(time);
    return checks_.take(now());
  }
  Verdict answer(const SessionPatch& patch) { return checks_.answered(kOps, &patch, now()); }
  FakeClock clock_;
  SessionChecks checks_{Timing{}};
};

TEST_F(SessionChecksTest, NothingIsReadUnlessItIsWanted) {
  EXPECT_FALSE(checks_.next_due());
  EXPECT_THAT(after(1h), IsEmpty());
}

TEST_F(SessionChecksTest, FiguresAreReadUntilTheyAreThereAndStay) {
  checks_.ended(kOps, now());
  EXPECT_THAT(after(999ms), IsEmpty());
  EXPECT_THAT(after(1ms), ElementsAre(kOps));
  EXPECT_EQ(answer(row("done")), Verdict::kTaken);
  EXPECT_THAT(after(2s), ElementsAre(kOps));
  answer(with_figures("done", 7));
  EXPECT_THAT(after(4s), ElementsAre(kOps));
  answer(with_figures("done", 8));
  EXPECT_THAT(after(8s), ElementsAre(kOps));
  answer(with_figures("done", 8));
  EXPECT_FALSE(checks_.next_due());
}

TEST_F(SessionChecksTest, FiguresThatTheGatewayCallsOldAreNotThere) {
  checks_.ended(kOps, now());
  SessionPatch old = with_figures("done", 7);
  old.figures_are_fresh = false;
  after(1s);
  answer(old);
  after(2s);
  answer(old);
  EXPECT_TRUE(checks_.next_due());
}

TEST_F(SessionChecksTest, ARunWithoutFiguresIsGivenUp) {
  checks_.ended(kOps, now());
  int readings = 0;
  while (checks_.next_due()) {
    clock_.advance(std::chrono::ceil<Millis>(*checks_.next_due() - now()));
    ASSERT_THAT(checks_.take(now()), ElementsAre(kOps));
    answer(row("failed"));
    ++readings;
  }
  EXPECT_LE(readings, 5);
}

TEST_F(SessionChecksTest, ManyEndsAreOneReading) {
  for (int i = 0; i < 10; ++i) checks_.ended(kOps, now());
  EXPECT_THAT(after(1s), ElementsAre(kOps));
}

TEST_F(SessionChecksTest, ADoubtIsOverWithOneAnswerThatMakesSense) {
  checks_.doubted(kOps, now());
  EXPECT_THAT(after(1s), ElementsAre(kOps));
  EXPECT_EQ(answer(row("running")), Verdict::kTaken);
  EXPECT_FALSE(checks_.next_due());
}

TEST_F(SessionChecksTest, BusyAndEndedIsBelievedOnlyWhenItStays) {
  SessionPatch both = row("done");
  both.ended_at = 20;
  both.has_active_run = true;
  checks_.doubted(kOps, now());
  int readings = 0;
  for (Verdict verdict = Verdict::kTaken; verdict != Verdict::kFirm; ++readings) {
    ASSERT_TRUE(checks_.next_due());
    clock_.advance(std::chrono::ceil<Millis>(*checks_.next_due() - now()));
    ASSERT_FALSE(checks_.take(now()).empty());
    verdict = answer(both);
  }
  EXPECT_EQ(readings, 4);
  EXPECT_FALSE(checks_.next_due());
}

TEST_F(SessionChecksTest, AnAnswerThatWasOvertakenIsAskedForAgain) {
  checks_.doubted(kOps, now());
  after(1s);
  checks_.heard(kOps);
  EXPECT_EQ(answer(row("running")), Verdict::kOvertaken);
  EXPECT_THAT(after(2s), ElementsAre(kOps));
  EXPECT_EQ(answer(row("done")), Verdict::kTaken);
}

TEST_F(SessionChecksTest, ASessionThatIsGoneNeedsNoMore) {
  checks_.ended(kOps, now());
  after(1s);
  EXPECT_EQ(checks_.answered(kOps, nullptr, now()), Verdict::kTaken);
  EXPECT_FALSE(checks_.next_due());
}

TEST_F(SessionChecksTest, ReadingsKeepTheirDistance) {
  checks_.doubted("agent:main:a", now());
  EXPECT_THAT(after(250ms), ElementsAre("agent:main:a"));
  SessionPatch patch = row("done");
  (void)checks_.answered("agent:main:a", &patch, now());
  checks_.doubted("agent:main:b", now());
  EXPECT_THAT(after(250ms), IsEmpty());
  EXPECT_THAT(after(250ms), ElementsAre("agent:main:b"));
}

TEST_F(SessionChecksTest, AGatewayThatDoesNotAnswerIsAskedAFewTimes) {
  checks_.doubted(kOps, now());
  int tries = 0;
  for (; checks_.next_due(); ++tries) {
    ASSERT_LT(tries, 10);
    clock_.advance(std::chrono::ceil<Millis>(*checks_.next_due() - now()));
    ASSERT_FALSE(checks_.take(now()).empty());
    checks_.failed(kOps, now());
  }
  EXPECT_EQ(tries, 5);
}

}  // namespace
}  // namespace cc::gateway
