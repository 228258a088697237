// A state that only an event can end does not outlive the gateway's own word, whatever was lost,
// late, doubled or never sent.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fleet/testing/world.h"

namespace cc::fleet {
namespace {

using namespace testing;
using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

constexpr const char* kOps = "agent:main:ops";

SessionPatch row(TimeMs updated_at, std::string_view status) {
  return with_status(session_patch(kOps, updated_at), status);
}

SessionPatch v3_row(TimeMs updated_at, std::string_view status, TimeMs started_at) {
  SessionPatch patch = row(updated_at, status);
  patch.started_at = started_at;
  return patch;
}

SessionChecked answer(SessionPatch patch, bool is_firm = false) {
  return {.key = kOps, .row = std::move(patch), .is_firm = is_firm};
}

RunEvent end_of_run(std::string run, TimeMs at) {
  RunEvent end = run_event(RunEvent::Kind::kEnd, kOps, std::move(run));
  end.ended_at = at;
  return end;
}

std::vector<std::string> doubted(const std::vector<ChangeSet>& changes) {
  std::vector<std::string> keys;
  for (const auto& change : changes) {
    keys.insert(keys.end(), change.doubted.begin(), change.doubted.end());
  }
  return keys;
}

class Verified : public ::testing::Test {
 protected:
  Verified() { world.see(sync_of({"main"}, {row(10, "done")})); }
  [[nodiscard]] AgentStatus status() const { return world.agent("main").reported_status; }
  void start(std::string run = "r1") {
    world.see(run_event(RunEvent::Kind::kStart, kOps, std::move(run)));
  }
  World world;
};

TEST_F(Verified, ARunThatIsSilentForAMinuteIsReadAgainAndThenLessAndLess) {
  start();
  EXPECT_THAT(doubted(world.pass(59s)), IsEmpty());
  EXPECT_THAT(doubted(world.pass(1s)), ElementsAre(kOps));
  EXPECT_THAT(doubted(world.pass(59s)), IsEmpty());
  EXPECT_THAT(doubted(world.pass(1s)), ElementsAre(kOps));
  EXPECT_THAT(doubted(world.pass(119s)), IsEmpty());
  EXPECT_THAT(doubted(world.pass(1s)), ElementsAre(kOps));
}

TEST_F(Verified, ARunWhoseEndWasLostEndsWithTheGatewaysRow) {
  start();
  world.pass(60s);
  world.see(answer(with_runs(row(20, "done"), {})));
  EXPECT_EQ(status(), AgentStatus::kIdle);
  EXPECT_EQ(world.session(kOps).active_runs, 0);
}

TEST_F(Verified, ARunOfASessionThatTheGatewayHasNotEndsWithIt) {
  start();
  world.see(SessionChecked{.key = kOps, .row = {}});
  EXPECT_EQ(status(), AgentStatus::kIdle);
  EXPECT_FALSE(world.fleet().find<Session>("alpha", kOps));
}

TEST_F(Verified, NoAgentIsStalledBeforeTheGatewaySaysThatItsRunIsActive) {
  start();
  world.pass(9min);
  world.pass(1min);
  EXPECT_EQ(status(), AgentStatus::kWorking);
  world.see(answer(with_runs(row(20, "running"), {"r1"})));
  world.pass(0s);
  EXPECT_EQ(status(), AgentStatus::kWorking) << "its row moved, so it goes on";
  world.pass_confirmed(10min);
  EXPECT_EQ(status(), AgentStatus::kStalled);
}

TEST_F(Verified, AGatewayThatDoesNotAnswerDoesNotHideAStallForLong) {
  start();
  world.pass(10min);
  EXPECT_EQ(status(), AgentStatus::kWorking);
  world.pass(15s);
  EXPECT_EQ(status(), AgentStatus::kStalled);
}

TEST_F(Verified, WaitingIsReadAgainAsWell) {
  start();
  RunEvent asked = run_event(RunEvent::Kind::kWaiting, kOps, "r1");
  asked.approval_id = "a1";
  world.see(asked);
  EXPECT_THAT(doubted(world.pass(61s)), Contains(kOps));
  world.see(answer(with_runs(row(20, "done"), {})));
  EXPECT_EQ(status(), AgentStatus::kIdle);
}

// 2026.5.x lists `done` and `hasActiveRun` together for a second around a run.
TEST_F(Verified, ARowThatContradictsItselfIsReadAgainAndNotBelieved) {
  start();
  world.see(end_of_run("r1", 20));
  world.see(SessionChanged{.row = v3_row(20, "done", 15), .phase = "end", .run_id = "r1"});
  world.see(SessionChanged{
      .row = v3_row(16, "running", 15), .phase = "message", .run_state_is_stale = true});
  SessionPatch late = v3_row(30, "done", 15);
  late.has_active_run = true;
  const auto changes = world.see(SessionsListed{.sessions = {.sessions = {late}}});
  EXPECT_THAT(changes.doubted, ElementsAre(kOps));
  EXPECT_EQ(status(), AgentStatus::kIdle);
  EXPECT_EQ(world.session(kOps).active_runs, 0);
  EXPECT_THAT(world.session(kOps).status, Optional(std::string("done")));
  world.see(answer(late, true));
  EXPECT_EQ(status(), AgentStatus::kWorking) << "said several times, it is so";
}

TEST_F(Verified, AStartThatComesAfterItsEndIsReadAgain) {
  SessionPatch done = v3_row(20, "done", 15);
  done.ended_at = 20;
  world.see(SessionChanged{.row = done, .phase = "end", .run_id = "r1"});
  RunEvent late = run_event(RunEvent::Kind::kStart, kOps, "r1");
  late.started_at = 15;
  EXPECT_THAT(world.see(late).doubted, ElementsAre(kOps));
  RunEvent next = run_event(RunEvent::Kind::kStart, kOps, "r2");
  next.started_at = 21;
  world.see(end_of_run("r1", 20));
  EXPECT_THAT(world.see(next).doubted, IsEmpty()) << "a run of its own";
}

TEST_F(Verified, AnEndThatComesByTheWayIsReadAgain) {
  RunEvent begin = run_event(RunEvent::Kind::kStart, kOps, "r1");
  begin.started_at = 15;
  world.see(begin);
  SessionPatch done = v3_row(20, "done", 15);
  done.ended_at = 20;
  const auto changes = world.see(SessionChanged{.row = done, .phase = "message"});
  EXPECT_THAT(changes.doubted, ElementsAre(kOps));
  EXPECT_EQ(status(), AgentStatus::kWorking) << "until the gateway's own row says so";
}

TEST_F(Verified, ALateListDoesNotReviveARunWhoseLifecycleEnded) {
  RunEvent begin = run_event(RunEvent::Kind::kStart, kOps, "r1");
  begin.started_at = 15;
  world.see(begin);
  world.see(end_of_run("r1", 20));
  world.see(SessionsListed{.sessions = {.sessions = {v3_row(18, "running", 15)}}});
  EXPECT_EQ(status(), AgentStatus::kIdle);
  world.see(SessionsListed{.sessions = {.sessions = {v3_row(5000, "running", 4000)}}});
  EXPECT_EQ(status(), AgentStatus::kWorking) << "that is another run";
}

// 2026.5 keeps a run that failed as active for 15 s, and calls it `running` for ever.
TEST_F(Verified, ARunThatFailedIsNotActiveForAsLongAsItMayBeTriedAgain) {
  RunEvent begin = run_event(RunEvent::Kind::kStart, kOps, "r1");
  begin.started_at = 15;
  world.see(begin);
  RunEvent failed = run_event(RunEvent::Kind::kError, kOps, "r1");
  failed.ended_at = 20;
  failed.final = true;
  world.see(failed);
  SessionPatch kept = v3_row(18, "running", 15);
  kept.has_active_run = true;
  world.see(answer(kept));
  EXPECT_EQ(status(), AgentStatus::kError);
  EXPECT_EQ(world.session(kOps).active_runs, 0);
  world.see(begin);
  EXPECT_EQ(status(), AgentStatus::kWorking) << "it is tried again";
}

TEST_F(Verified, TheGatewaysClockMayStepBack) {
  world.see(SessionChanged{.row = with_runs(row(5000, "running"), {"r1"}), .reason = "x"});
  world.see(SessionChanged{.row = with_runs(row(2700, "done"), {}), .reason = "x"});
  EXPECT_THAT(world.session(kOps).status, Optional(std::string("done")));
  EXPECT_EQ(status(), AgentStatus::kIdle);
  EXPECT_THAT(world.agent("main").last_active_at, Optional(TimeMs{2700}));
}

TEST_F(Verified, AGoodRunAfterTheClockSteppedBackEndsTheError) {
  const auto failed = with_status(session_patch("agent:main:a", 3'600'000), "failed");
  const auto good = with_status(session_patch("agent:main:b", 20), "done");
  world.see(SessionChanged{.row = failed, .phase = "error"});
  EXPECT_EQ(status(), AgentStatus::kError);
  world.see(SessionChanged{.row = good, .phase = "end"});
  EXPECT_EQ(status(), AgentStatus::kIdle);
  FleetSync again = sync_of({"main"}, {failed, good});
  again.connection = ConnectionReport{.state = GatewayState::kLive, .source = Source::kWs};
  world.see(again);
  EXPECT_EQ(status(), AgentStatus::kIdle);
}

TEST_F(Verified, ADoubledEndOfAnotherSessionIsNotTheLatest) {
  world.see(SessionChanged{.row = with_status(session_patch("agent:main:a", 3000), "failed"),
                           .phase = "error"});
  world.see(SessionChanged{.row = row(9000, "done"), .phase = "end"});
  world.see(SessionChanged{.row = with_status(session_patch("agent:main:a", 3000), "failed"),
                           .phase = "error"});
  EXPECT_EQ(status(), AgentStatus::kIdle);
}

TEST_F(Verified, AListSetsTheLastActivityRight) {
  world.see(SessionChanged{.row = session_patch(kOps, 900'000'000)});
  world.see(sync_of({"main"}, {row(20, "done")}));
  EXPECT_THAT(world.agent("main").last_active_at, Optional(TimeMs{20}));
}

TEST_F(Verified, AFailedSessionThatIsResetOrArchivedIsTheSameBeforeAndAfterARestart) {
  world.see(SessionChanged{.row = row(20, "failed"), .phase = "error"});
  EXPECT_EQ(status(), AgentStatus::kError);
  SessionPatch reset = session_patch(kOps, 30);
  reset.session_id = "generation-2";
  world.see(SessionChanged{.row = reset, .reason = "reset"});
  EXPECT_EQ(status(), AgentStatus::kIdle);
  world.see(SessionChanged{.row = row(40, "failed"), .phase = "error"});
  SessionPatch archived = row(50, "failed");
  archived.archived = true;
  world.see(SessionChanged{.row = archived, .reason = "patch"});
  EXPECT_EQ(status(), AgentStatus::kIdle);
  World restarted;
  restarted.see(sync_of({"main"}, {archived}));
  EXPECT_EQ(restarted.agent("main").reported_status, AgentStatus::kIdle);
}

TEST_F(Verified, AStallIsNotMeasuredByTheClockOnTheWall) {
  start();
  world.set_clock_by(1h);
  world.pass_confirmed(1s);
  EXPECT_EQ(status(), AgentStatus::kWorking);
  world.set_clock_by(-3h);
  world.pass_confirmed(10min);
  EXPECT_EQ(status(), AgentStatus::kStalled);
}

TEST_F(Verified, TimeInWhichTheGatewayWasAwayIsNoSilence) {
  start();
  world.see(ConnectionReport{.state = GatewayState::kOffline});
  world.pass_confirmed(20min);
  FleetSync back = sync_of({"main"}, {with_runs(row(20, "running"), {"r1"})});
  back.connection = ConnectionReport{.state = GatewayState::kLive, .source = Source::kWs};
  world.see(back);
  world.pass_confirmed(1min);
  EXPECT_EQ(status(), AgentStatus::kWorking);
}

TEST_F(Verified, AnOldRunThatAListNamesHasNoTimeOfProgress) {
  World fresh;
  fresh.see(sync_of({"main"}, {with_runs(row(20, "running"), {"r1"})}));
  EXPECT_EQ(fresh.agent("main").reported_status, AgentStatus::kWorking);
  EXPECT_EQ(fresh.agent("main").last_progress_at, std::nullopt);
}

TEST_F(Verified, AnApprovalThatOutlivesItsRunDoesNotOutliveTheNextOrAReset) {
  RunEvent asked = run_event(RunEvent::Kind::kWaiting, kOps, "r1");
  asked.approval_id = "a1";
  asked.outlived_by_approval = true;
  for (const bool by_reset : {false, true}) {
    start();
    world.see(asked);
    world.see(end_of_run("r1", 20));
    EXPECT_EQ(status(), AgentStatus::kWaiting);
    if (by_reset) {
      SessionPatch reset = session_patch(kOps, 30);
      reset.session_id = "generation-2";
      world.see(SessionChanged{.row = reset, .reason = "reset"});
    } else {
      start("r2");
      world.see(end_of_run("r2", 30));
    }
    EXPECT_EQ(status(), AgentStatus::kIdle);
  }
}

TEST_F(Verified, AnApprovalThatOutlivesItsRunEndsWithALaterRunThatOnlyARowTells) {
  RunEvent asked = run_event(RunEvent::Kind::kWaiting, kOps, "r1");
  asked.approval_id = "a1";
  asked.outlived_by_approval = true;
  asked.asked_at = 30;
  start();
  world.see(asked);
  world.see(end_of_run("r1", 40));
  world.see(answer(v3_row(40, "done", 20)));
  EXPECT_EQ(status(), AgentStatus::kWaiting) << "this is the run that asked";
  world.see(answer(v3_row(60, "done", 50)));
  EXPECT_EQ(status(), AgentStatus::kIdle);
}

}  // namespace
}  // namespace cc::fleet
