#include "gateway/fallback/source_arbiter.h"

#include <functional>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/fake_clock.h"

namespace cc::gateway {
namespace {

using fleet::GatewayState;
using fleet::Source;
using std::chrono::seconds;
using ::testing::Optional;

constexpr Millis kWait = seconds(30);

/// An arbiter on a clock of its own, driven by one-word steps.
class Bench {
 public:
  explicit Bench(SourceArbiter::Configured configured = {true, true})
      : arbiter_(configured, kWait, clock_.steady()) {}

  Bench& pass(Millis time) {
    clock_.advance(time);
    fell_back_ += arbiter_.fall_back_now(clock_.steady()) ? 1 : 0;
    return *this;
  }
  Bench& committing() {
    arbiter_.ws_committing({4, "2026.9.6", 17, std::nullopt});
    return *this;
  }
  Bench& ready() {
    committing();
    arbiter_.ws_ready();
    return *this;
  }
  Bench& not_committed() {
    arbiter_.ws_not_committed();
    return *this;
  }
  Bench& has_too_many() {
    arbiter_.has_too_many(true);
    return *this;
  }
  Bench& lost() {
    arbiter_.ws_lost({"ws lost", std::nullopt}, clock_.steady());
    return *this;
  }
  Bench& blocked() {
    arbiter_.ws_blocked({"ws blocked", "approve it"}, clock_.steady());
    return *this;
  }
  Bench& poll() {
    EXPECT_TRUE(arbiter_.poll_succeeded(arbiter_.generation(), std::nullopt));
    return *this;
  }
  Bench& poll_fails() {
    EXPECT_TRUE(arbiter_.poll_failed(arbiter_.generation(), {"rest fails", std::nullopt}));
    return *this;
  }
  Bench& poll_refused() {
    EXPECT_TRUE(arbiter_.poll_refused(arbiter_.generation(), {"rest refuses", "set the token"}));
    return *this;
  }

  SourceArbiter& arbiter() { return arbiter_; }
  SteadyTime now() const { return clock_.steady(); }
  int fell_back() const { return fell_back_; }

 private:
  FakeClock clock_;
  SourceArbiter arbiter_;
  int fell_back_ = 0;
};

struct Row {
  const char* name;
  SourceArbiter::Configured configured;
  std::function<void(Bench&)> steps;
  GatewayState state;
  std::optional<Source> source;
  std::optional<std::string> detail;
  std::optional<std::string> action;
  bool may_poll;
  int fell_back;
};

class States : public ::testing::TestWithParam<Row> {};

TEST_P(States, AreWhatTheTableSays) {
  const Row& row = GetParam();
  Bench bench(row.configured);
  row.steps(bench);
  const auto report = bench.arbiter().report();
  EXPECT_EQ(text(report.state), text(row.state));
  EXPECT_EQ(report.source, row.source);
  EXPECT_EQ(report.detail, row.detail);
  EXPECT_EQ(report.action, row.action);
  EXPECT_EQ(bench.arbiter().may_poll(), row.may_poll);
  EXPECT_EQ(bench.fell_back(), row.fell_back);
}

constexpr SourceArbiter::Configured kBoth{true, true};
constexpr SourceArbiter::Configured kRestOnly{false, true};
constexpr SourceArbiter::Configured kWsOnly{true, false};
constexpr auto kNone = std::nullopt;

INSTANTIATE_TEST_SUITE_P(
    SourceArbiter, States,
    ::testing::Values(
        Row{"Start", kBoth, [](Bench&) {}, GatewayState::kConnecting, kNone, kNone, kNone, false,
            0},
        Row{"StartedWithoutWs", kRestOnly, [](Bench&) {}, GatewayState::kConnecting, kNone, kNone,
            kNone, true, 0},
        Row{"FirstTryFails", kBoth, [](Bench& b) { b.lost(); }, GatewayState::kOffline, kNone,
            "ws lost", kNone, false, 0},
        Row{"JustBeforeTheWaitIsOver", kBoth, [](Bench& b) { b.pass(kWait - Millis(1)); },
            GatewayState::kConnecting, kNone, kNone, kNone, false, 0},
        Row{"TheWaitIsOver", kBoth, [](Bench& b) { b.pass(kWait); }, GatewayState::kConnecting,
            kNone, kNone, kNone, true, 1},
        Row{"FailedTriesDoNotMoveTheWait", kBoth,
            [](Bench& b) { b.pass(seconds(20)).lost().pass(seconds(9)).lost().pass(seconds(1)); },
            GatewayState::kOffline, kNone, "ws lost", kNone, true, 1},
        Row{"FallsBackOnce", kBoth, [](Bench& b) { b.pass(kWait).pass(kWait).pass(kWait); },
            GatewayState::kConnecting, kNone, kNone, kNone, true, 1},
        Row{"Polling", kBoth, [](Bench& b) { b.lost().pass(kWait).poll(); }, GatewayState::kPolling,
            Source::kRest, "ws lost", kNone, true, 1},
        Row{"PollingWithoutWs", kRestOnly, [](Bench& b) { b.poll(); }, GatewayState::kPolling,
            Source::kRest, kNone, kNone, true, 0},
        Row{"PollFailsWithoutWs", kRestOnly, [](Bench& b) { b.poll().poll_fails(); },
            GatewayState::kOffline, kNone, "rest fails", kNone, true, 0},
        Row{"PollFailsToo", kBoth, [](Bench& b) { b.lost().pass(kWait).poll_fails(); },
            GatewayState::kOffline, kNone, "ws lost", kNone, true, 1},
        Row{"PollFailsWhileWsHangs", kBoth, [](Bench& b) { b.pass(kWait).poll_fails(); },
            GatewayState::kOffline, kNone, "rest fails", kNone, true, 1},
        Row{"PollIsRefused", kBoth, [](Bench& b) { b.lost().pass(kWait).poll_refused(); },
            GatewayState::kBlocked, kNone, "rest refuses", "set the token", true, 1},
        Row{"Blocked", kBoth, [](Bench& b) { b.blocked(); }, GatewayState::kBlocked, kNone,
            "ws blocked", "approve it", false, 0},
        Row{"BlockedWinsOverPolling", kBoth, [](Bench& b) { b.blocked().pass(kWait).poll(); },
            GatewayState::kBlocked, Source::kRest, "ws blocked", "approve it", true, 1},
        Row{"BlockedWinsOverRefused", kBoth,
            [](Bench& b) { b.blocked().pass(kWait).poll_refused(); }, GatewayState::kBlocked, kNone,
            "ws blocked", "approve it", true, 1},
        Row{"NoLongerBlocked", kBoth, [](Bench& b) { b.blocked().pass(kWait).poll().lost(); },
            GatewayState::kPolling, Source::kRest, "ws lost", kNone, true, 1},
        Row{"Ready", kBoth, [](Bench& b) { b.ready(); }, GatewayState::kLive, Source::kWs, kNone,
            kNone, false, 0},
        Row{"NoPollsWhileReady", kBoth, [](Bench& b) { b.ready().pass(kWait * 100); },
            GatewayState::kLive, Source::kWs, kNone, kNone, false, 0},
        Row{"ReadyAfterPolling", kBoth, [](Bench& b) { b.lost().pass(kWait).poll().ready(); },
            GatewayState::kLive, Source::kWs, kNone, kNone, false, 1},
        Row{"ReadyAfterBlocked", kBoth, [](Bench& b) { b.blocked().ready(); }, GatewayState::kLive,
            Source::kWs, kNone, kNone, false, 0},
        Row{"CommittingHoldsThePollerBack", kBoth, [](Bench& b) { b.pass(kWait).committing(); },
            GatewayState::kLive, Source::kWs, kNone, kNone, false, 1},
        Row{"CommittingDoesNotFallBack", kBoth, [](Bench& b) { b.committing().pass(kWait); },
            GatewayState::kLive, Source::kWs, kNone, kNone, false, 0},
        Row{"NotCommitted", kBoth, [](Bench& b) { b.lost().committing().not_committed(); },
            GatewayState::kOffline, kNone, "ws lost", kNone, false, 0},
        Row{"NotCommittedWhilePolling", kBoth,
            [](Bench& b) { b.lost().pass(kWait).poll().committing().not_committed(); },
            GatewayState::kPolling, Source::kRest, "ws lost", kNone, true, 1},
        Row{"CommittedAtTheSecondTry", kBoth,
            [](Bench& b) { b.committing().not_committed().ready(); }, GatewayState::kLive,
            Source::kWs, kNone, kNone, false, 0},
        Row{"LostWhileCommitting", kBoth, [](Bench& b) { b.pass(kWait).committing().lost(); },
            GatewayState::kOffline, kNone, "ws lost", kNone, true, 1},
        Row{"LostAfterReady", kBoth, [](Bench& b) { b.ready().lost(); }, GatewayState::kOffline,
            kNone, "ws lost", kNone, false, 0},
        Row{"TheSameWaitStartsAnew", kBoth,
            [](Bench& b) { b.ready().pass(seconds(90)).lost().pass(kWait - Millis(1)); },
            GatewayState::kOffline, kNone, "ws lost", kNone, false, 0},
        Row{"AndThenItPolls", kBoth,
            [](Bench& b) { b.ready().pass(seconds(90)).lost().pass(kWait); },
            GatewayState::kOffline, kNone, "ws lost", kNone, true, 1},
        Row{"LostAfterHavingFallenBack", kBoth,
            [](Bench& b) { b.pass(kWait).poll().ready().lost().pass(seconds(1)); },
            GatewayState::kOffline, kNone, "ws lost", kNone, false, 1},
        Row{"FallsBackAgain", kBoth,
            [](Bench& b) { b.pass(kWait).poll().ready().lost().pass(kWait).poll(); },
            GatewayState::kPolling, Source::kRest, "ws lost", kNone, true, 2},
        Row{"NoRestToFallBackOn", kWsOnly, [](Bench& b) { b.lost().pass(kWait); },
            GatewayState::kOffline, kNone, "ws lost", kNone, false, 0},
        Row{"Nothing",
            {false, false},
            [](Bench& b) { b.pass(kWait); },
            GatewayState::kOffline,
            kNone,
            "Neither a WebSocket nor a REST address is configured for this gateway.",
            "Set WS_GATEWAY_URL or GATEWAY_URL.",
            false,
            0}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(SourceArbiter, DiscardsAPollThatWasInFlightWhenTheWebSocketCame) {
  Bench bench;
  bench.pass(kWait);
  const auto asked = bench.arbiter().generation();
  bench.ready();
  EXPECT_FALSE(bench.arbiter().poll_succeeded(asked, std::nullopt));
  EXPECT_FALSE(bench.arbiter().poll_refused(asked, {}));
  bench.lost().pass(kWait);
  EXPECT_FALSE(bench.arbiter().poll_succeeded(asked, std::nullopt)) << "of an earlier generation";
  EXPECT_EQ(bench.arbiter().report().state, GatewayState::kOffline);
}

TEST(SourceArbiter, DiscardsAPollThatWasInFlightWhileASyncWasCommitted) {
  Bench bench;
  bench.pass(kWait);
  const auto asked = bench.arbiter().generation();
  bench.committing().not_committed();
  EXPECT_FALSE(bench.arbiter().poll_succeeded(asked, std::nullopt));
}

TEST(SourceArbiter, KeepsTheVersionOfALostGateway) {
  Bench bench;
  bench.ready();
  EXPECT_THAT(bench.arbiter().report().connected_at, Optional(17));
  bench.lost();
  const auto report = bench.arbiter().report();
  EXPECT_THAT(report.protocol, Optional(4));
  EXPECT_THAT(report.server_version, Optional(std::string("2026.9.6")));
  EXPECT_EQ(report.connected_at, std::nullopt);
}

TEST(SourceArbiter, ShowsAWarningOfAConnectionThatWorks) {
  Bench bench;
  bench.arbiter().ws_committing({3, "x", 1, Trouble{"fewer rights", "give them"}});
  bench.arbiter().ws_ready();
  const auto report = bench.arbiter().report();
  EXPECT_EQ(report.state, GatewayState::kLive);
  EXPECT_THAT(report.detail, Optional(std::string("fewer rights")));
  EXPECT_THAT(report.action, Optional(std::string("give them")));
}

TEST(SourceArbiter, APollsNoteIsShown) {
  Bench bench({false, true});
  EXPECT_TRUE(bench.arbiter().poll_succeeded(bench.arbiter().generation(), "only a part"));
  EXPECT_THAT(bench.arbiter().report().detail, Optional(std::string("only a part")));
}

TEST(SourceArbiter, APollsNoteFollowsWhatTheWebSocketSays) {
  Bench bench;
  bench.lost().pass(kWait);
  EXPECT_TRUE(bench.arbiter().poll_succeeded(bench.arbiter().generation(), "only a part"));
  EXPECT_THAT(bench.arbiter().report().detail, Optional(std::string("ws lost only a part")));
}

TEST(SourceArbiter, CountsTriesSinceItWasLastLive) {
  Bench bench;
  bench.ready().lost();
  bench.arbiter().ws_tries();
  bench.arbiter().waits_until(7'000);
  bench.arbiter().ws_tries();
  EXPECT_EQ(bench.arbiter().report().attempts, 2);
  EXPECT_EQ(bench.arbiter().report().next_attempt_at, kNone) << "a try is under way";
  bench.arbiter().waits_until(9'000);
  EXPECT_THAT(bench.arbiter().report().next_attempt_at, Optional(9'000));
  bench.ready();
  EXPECT_EQ(bench.arbiter().report().attempts, 0);
  EXPECT_EQ(bench.arbiter().report().next_attempt_at, kNone);
}

TEST(SourceArbiter, CountsPollsThatFailedWhereThereIsNoWebSocket) {
  Bench bench(kRestOnly);
  bench.poll_fails().poll_fails();
  EXPECT_EQ(bench.arbiter().report().attempts, 2);
  bench.poll();
  EXPECT_EQ(bench.arbiter().report().attempts, 0);
}

TEST(SourceArbiter, TellsWhenItWillFallBack) {
  Bench bench;
  EXPECT_THAT(bench.arbiter().falls_back_at(), Optional(bench.now() + kWait));
  bench.ready();
  EXPECT_EQ(bench.arbiter().falls_back_at(), std::nullopt);
  bench.pass(seconds(5)).lost();
  EXPECT_THAT(bench.arbiter().falls_back_at(), Optional(bench.now() + kWait));
}

TEST(SourceArbiter, TellsThatNotAllIsKeptWhereNothingWorseIsToBeTold) {
  Bench bench;
  bench.ready().has_too_many();
  EXPECT_THAT(bench.arbiter().report().detail, Optional(::testing::HasSubstr("200000 rows")));
  EXPECT_TRUE(bench.arbiter().report().action);
  bench.lost();
  EXPECT_EQ(bench.arbiter().report().detail, "ws lost");
}

}  // namespace
}  // namespace cc::gateway
