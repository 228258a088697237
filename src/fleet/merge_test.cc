#include "fleet/merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fleet/testing/world.h"

namespace cc::fleet {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::Optional;

constexpr const char* kOtto = "agent:otto:main";
constexpr const char* kOps = "agent:main:ops";

TEST(Sync, BringsEverythingInOneChangeSet) {
  World world;
  FleetSync sync = sync_of({"main", "otto"}, {session_patch(kOtto, 10), session_patch(kOps, 20)});
  sync.presence = PresenceList{.entries = {{.id = "d1", .host = "box", .online = true}}};
  const ChangeSet changes = world.see(sync);

  EXPECT_EQ(changes.cause, Cause::kInitialSync);
  EXPECT_TRUE(changes.gateway_speaks);
  EXPECT_EQ(changes.agents.upsert.size(), 2U);
  EXPECT_EQ(changes.sessions.upsert.size(), 2U);
  EXPECT_EQ(changes.presence.upsert.size(), 1U);
  EXPECT_TRUE(world.agent("main").is_default);
  EXPECT_FALSE(world.agent("otto").is_default);
  EXPECT_EQ(world.agent("otto").sessions, 1);
  EXPECT_EQ(world.agent("otto").reported_status, AgentStatus::kIdle);
  EXPECT_EQ(world.agent("otto").name, "otto");  // the gateway gave none
}

TEST(Sync, OfAnUnchangedFleetWritesNothing) {
  World world;
  const FleetSync sync = sync_of({"main"}, {with_status(session_patch(kOps, 10), "done")});
  world.see(sync);
  EXPECT_FALSE(world.see(sync).journaled());
}

TEST(Sync, ThatIsCompleteRemovesWhatIsNotInIt) {
  World world;
  world.see(sync_of({"main", "otto"}, {session_patch(kOtto, 10), session_patch(kOps, 20)}));
  const ChangeSet changes = world.see(sync_of({"main"}, {session_patch(kOps, 20)}));
  EXPECT_THAT(changes.agents.remove, ElementsAre("otto"));
  EXPECT_THAT(changes.sessions.remove, ElementsAre(kOtto));
}

TEST(Sync, ThatIsNotCompleteRemovesNoSession) {
  World world;
  world.see(sync_of({"main"}, {session_patch(kOps, 20)}));
  FleetSync sync = sync_of({"main"}, {});
  sync.sessions.complete = false;
  EXPECT_THAT(world.see(sync).sessions.remove, ElementsAre());
}

TEST(Sync, LeavesWhatAnEventToldOfWhileTheListWasRead) {
  World world;
  world.see(sync_of({"main"}, {session_patch(kOtto, 10), session_patch(kOps, 20)}));
  FleetSync sync = sync_of({"main"}, {session_patch(kOps, 20)});
  sync.sessions.others = {print_of(kOtto)};
  EXPECT_THAT(world.see(sync).sessions.remove, ElementsAre());
}

TEST(Sync, InPartsIsWhatItIsInOne) {
  const auto runs = with_runs(with_status(session_patch(kOps, 10), "running"), {"r1"});
  const auto done = with_status(session_patch("agent:main:old", 5), "done");
  World whole;
  whole.see(sync_of({"main", "otto"}, {done, session_patch(kOtto, 20), runs}));
  World parts;
  FleetSync rest = sync_of({"main", "otto"}, {runs});
  FleetPart first{.agents = std::exchange(rest.agents, std::nullopt), .sessions = {{done}}};
  EXPECT_EQ(parts.see(first).cause, Cause::kInitialSync);
  parts.see(FleetPart{.sessions = {{session_patch(kOtto, 20)}}});
  rest.sessions.others = {print_of("agent:main:old"), print_of(kOtto)};
  parts.see(rest);
  const auto figures = [](const Agent& row) {
    return std::tuple(row.reported_status, row.sessions, row.active_runs, row.last_active_at);
  };
  for (const char* id : {"main", "otto"}) {
    EXPECT_EQ(figures(whole.agent(id)), figures(parts.agent(id))) << id;
  }
  for (const char* key : {kOps, kOtto, "agent:main:old"}) {
    EXPECT_FALSE(differs(whole.session(key), parts.session(key))) << key;
  }
}

TEST(Sync, InPartsRemovesOnlyWhatIsInNone) {
  World world;
  world.see(sync_of({"main"}, {session_patch(kOtto, 10), session_patch(kOps, 20),
                               session_patch("agent:main:gone", 30)}));
  const ChangeSet part = world.see(FleetPart{.sessions = {{session_patch(kOtto, 10)}}});
  EXPECT_THAT(part.sessions.remove, ElementsAre());
  FleetSync rest = sync_of({"main"}, {session_patch(kOps, 20)});
  rest.sessions.others = {print_of(kOtto)};
  EXPECT_THAT(world.see(rest).sessions.remove, ElementsAre("agent:main:gone"));
}

TEST(Sync, InPartsSaysNothingOfAgentsBeforeItsEnd) {
  World world;
  const auto busy = with_runs(with_status(session_patch(kOps, 10), "running"), {"r1"});
  const auto other = session_patch("agent:main:other", 20);
  world.see(sync_of({"main"}, {other, busy}));
  world.pass(std::chrono::minutes(11));
  // What a restart leaves: the rows, and nothing of the runs.
  ChangeSet forget;
  forget.gateway = "alpha";
  forget.runs.remove = {"main"};
  world.fleet().apply(forget);
  FleetSync rest = sync_of({"main"}, {busy});
  FleetPart first{.agents = std::exchange(rest.agents, std::nullopt), .sessions = {{other}}};
  EXPECT_FALSE(world.see(first).journaled());
  rest.sessions.others = {print_of("agent:main:other")};
  EXPECT_FALSE(world.see(rest).journaled());
  EXPECT_EQ(world.agent("main").reported_status, AgentStatus::kStalled);
}

TEST(Sync, EndsWhatRanWhereASessionIsIdleAndUnchanged) {
  World world;
  world.see(sync_of({"main", "otto"}, {session_patch(kOtto, 10), session_patch(kOps, 20)}));
  world.see(run_event(RunEvent::Kind::kStart, kOtto, "r1"));
  world.see(run_event(RunEvent::Kind::kStart, kOps, "r2"));
  world.see(run_event(RunEvent::Kind::kWaiting, kOps, "r2"));
  FleetSync sync = sync_of({"main", "otto"}, {});
  sync.sessions.unchanged = {print_of(kOps)};
  sync.sessions.others = {print_of(kOps), print_of(kOtto)};
  EXPECT_THAT(world.see(sync).sessions.remove, ElementsAre());
  EXPECT_EQ(world.session(kOps).active_runs, 0);
  EXPECT_EQ(world.agent("main").reported_status, AgentStatus::kIdle);
  EXPECT_EQ(world.session(kOtto).active_runs, 1) << "nothing was said of it";
}

TEST(Sync, OnANewConnectionIsTheTruthWhateverItsTimesSay) {
  World world;
  world.see(sync_of({"main"}, {with_status(session_patch(kOps, 500), "done")}));
  FleetSync restored = sync_of({"main"}, {with_status(session_patch(kOps, 100), "failed")});
  restored.connection = ConnectionReport{.state = GatewayState::kLive, .source = Source::kWs};
  world.see(restored);
  EXPECT_THAT(world.session(kOps).status, Optional(std::string("failed")));
}

TEST(Rows, DatedEarlierCountAndAreReadAgain) {
  World world;
  world.see(sync_of({"main"}, {with_status(session_patch(kOps, 500), "done")}));
  const ChangeSet changes = world.see(
      SessionChanged{.row = with_status(session_patch(kOps, 499), "failed"), .reason = "abort"});
  EXPECT_THAT(world.session(kOps).status, Optional(std::string("failed")));
  EXPECT_THAT(changes.doubted, ElementsAre(kOps));
}

TEST(Rows, ThatAListHasOvertakenAreDropped) {
  World world;
  world.see(sync_of({"main"}, {with_status(session_patch(kOps, 500), "done")}));
  const ChangeSet changes =
      world.see(SessionChanged{.row = with_status(session_patch(kOps, 499), "failed"),
                               .reason = "abort",
                               .may_precede_list = true});
  EXPECT_FALSE(changes.journaled());
}

TEST(Rows, FlatOnesLeaveWhatTheyDoNotSay) {
  World world;
  SessionPatch whole = with_status(session_patch(kOps, 10), "done");
  whole.title = "Ops";
  whole.model = "fast";
  world.see(SessionChanged{.row = whole, .reason = "create"});
  SessionPatch flat;
  flat.key = kOps;
  flat.updated_at = TimeMs{20};
  flat.model = std::optional<std::string_view>{};  // null: cleared
  world.see(SessionChanged{.row = flat, .reason = "patch"});
  EXPECT_THAT(world.session(kOps).title, Optional(std::string("Ops")));
  EXPECT_EQ(world.session(kOps).model, std::nullopt);
  EXPECT_THAT(world.session(kOps).status, Optional(std::string("done")));
}

TEST(Rows, OfANewGenerationStartWithoutTheOldRun) {
  World world;
  SessionPatch row = with_status(session_patch(kOps, 10), "done");
  row.output_tokens = 80;
  world.see(SessionChanged{.row = row, .reason = "create"});
  SessionPatch reset;
  reset.key = kOps;
  reset.session_id = "generation-2";
  reset.updated_at = TimeMs{20};
  world.see(SessionChanged{.row = reset, .reason = "reset"});
  EXPECT_EQ(world.session(kOps).status, std::nullopt);
  EXPECT_EQ(world.session(kOps).output_tokens, std::nullopt);
}

TEST(Deletes, OfAnOlderGenerationAreIgnored) {
  World world;
  world.see(sync_of({"main"}, {session_patch(kOps, 20)}));
  EXPECT_TRUE(
      world.see(SessionDeleted{.key = kOps, .session_id = "generation-0"}).sessions.remove.empty());
  EXPECT_THAT(world.see(SessionDeleted{.key = kOps, .session_id = "generation-1"}).sessions.remove,
              ElementsAre(kOps));
  EXPECT_EQ(world.agent("main").sessions, 0);
}

TEST(Deletes, OfTheSessionThatFailedClearTheError) {
  World world;
  world.see(sync_of({"main"}, {with_status(session_patch("agent:main:a", 10), "done"),
                               with_status(session_patch("agent:main:b", 20), "failed")}));
  EXPECT_EQ(world.agent("main").reported_status, AgentStatus::kError);
  world.see(SessionDeleted{.key = "agent:main:b", .session_id = {}});
  EXPECT_EQ(world.agent("main").reported_status, AgentStatus::kIdle);
}

TEST(RunsToldByPhases, FollowPhasesAndNotStaleMessageRows) {
  World world;
  world.see(sync_of({"otto"}, {with_status(session_patch(kOtto, 100), "done")}));
  world.see(run_event(RunEvent::Kind::kStart, kOtto, "r1"));
  EXPECT_EQ(world.agent("otto").reported_status, AgentStatus::kWorking);
  world.see(SessionChanged{
      .row = with_status(session_patch(kOtto, 200), "running"), .phase = "start", .run_id = "r1"});
  // As of before the run, and yet with a later time than the start's row:
  world.see(SessionChanged{.row = with_status(session_patch(kOtto, 201), "done"),
                           .phase = "message",
                           .run_state_is_stale = true});
  EXPECT_THAT(world.session(kOtto).status, Optional(std::string("running")));
  EXPECT_EQ(world.session(kOtto).active_runs, 1);
  EXPECT_EQ(world.agent("otto").reported_status, AgentStatus::kWorking);
  world.see(SessionChanged{
      .row = with_status(session_patch(kOtto, 300), "done"), .phase = "end", .run_id = "r1"});
  EXPECT_EQ(world.session(kOtto).active_runs, 0);
  EXPECT_EQ(world.agent("otto").reported_status, AgentStatus::kIdle);
}

TEST(RunsToldByPhases, AbortedAreNeverAnError) {
  World world;
  world.see(sync_of({"otto"}, {}));
  world.see(SessionChanged{
      .row = with_status(session_patch(kOtto, 100), "running"), .phase = "start", .run_id = "r1"});
  RunEvent aborted = run_event(RunEvent::Kind::kEnd, kOtto, "r1");
  aborted.aborted = true;
  aborted.ended_at = 200;
  world.see(aborted);
  for (const char* status : {"timeout", "killed"}) {
    const TimeMs at = status == std::string("timeout") ? 200 : 285;
    world.see(SessionChanged{
        .row = with_status(session_patch(kOtto, at), status), .phase = "end", .run_id = "r1"});
    EXPECT_EQ(world.agent("otto").reported_status, AgentStatus::kIdle) << status;
  }
}

SessionChanged ended(TimeMs started_at, TimeMs ended_at, const char* status) {
  SessionPatch row = with_status(session_patch(kOtto, ended_at), status);
  row.started_at = started_at;
  row.ended_at = ended_at;
  return {.row = row, .phase = "end", .reason = {}, .run_id = "r1"};
}

TEST(RunsToldByPhases, StoppedByAPersonAreNoErrorThoughTheirRowSaysTimeout) {
  World world;
  world.see(sync_of({"otto"}, {session_patch(kOtto, 100)}));
  RunEvent aborted = run_event(RunEvent::Kind::kEnd, kOtto, "r1");
  aborted.aborted = true;
  aborted.ended_at = 200;
  world.see(aborted);
  world.see(ended(110, 300, "timeout"));
  EXPECT_EQ(world.agent("otto").reported_status, AgentStatus::kIdle);
  world.see(ended(310, 400, "timeout"));
  EXPECT_EQ(world.agent("otto").reported_status, AgentStatus::kError);
}

TEST(RunsToldByPhases, ThatMayBeRetriedAreNotOverYet) {
  World world;
  world.see(sync_of({"otto"}, {session_patch(kOtto, 100)}));
  world.see(run_event(RunEvent::Kind::kStart, kOtto, "r1"));
  RunEvent provisional = run_event(RunEvent::Kind::kError, kOtto, "r1");
  provisional.final = false;
  provisional.ended_at = 200;
  world.see(provisional);
  EXPECT_EQ(world.agent("otto").reported_status, AgentStatus::kWorking);
  world.pass(std::chrono::seconds(25));  // no retry, and no word either
  EXPECT_EQ(world.agent("otto").reported_status, AgentStatus::kError);
}

TEST(RunsToldByRows, FollowTheRowsOwnWord) {
  World world;
  world.see(sync_of({"otto"}, {session_patch(kOtto, 100)}));
  world.see(
      SessionChanged{.row = with_runs(with_status(session_patch(kOtto, 110), "running"), {"r1"}),
                     .reason = "send"});
  EXPECT_EQ(world.agent("otto").reported_status, AgentStatus::kWorking);
  SessionPatch unchanged = with_status(session_patch(kOtto, 120), "running");
  unchanged.has_active_run = true;  // and no ids: as they were
  world.see(SessionChanged{.row = unchanged, .reason = "participants"});
  world.see(run_event(RunEvent::Kind::kStart, kOtto, "r1"));
  EXPECT_EQ(world.agent("otto").active_runs, 1);
  world.see(SessionChanged{.row = with_runs(with_status(session_patch(kOtto, 130), "done"), {}),
                           .reason = "agent.input.settled"});
  EXPECT_EQ(world.agent("otto").reported_status, AgentStatus::kIdle);
  EXPECT_EQ(world.session(kOtto).active_runs, 0);
}

TEST(Errors, AreThoseOfTheLatestRunToEndOverAllSessions) {
  World world;
  world.see(sync_of({"main"}, {with_status(session_patch("agent:main:a", 10), "failed"),
                               with_status(session_patch("agent:main:b", 20), "done")}));
  EXPECT_EQ(world.agent("main").reported_status, AgentStatus::kIdle);
  SessionPatch failed = with_runs(with_status(session_patch("agent:main:a", 30), "timeout"), {});
  failed.last_run_error = "the model did not answer";
  world.see(SessionChanged{.row = failed, .phase = "error", .run_id = "r"});
  EXPECT_EQ(world.agent("main").reported_status, AgentStatus::kError);
  EXPECT_THAT(world.agent("main").status_reason, Optional(std::string("the model did not answer")));
}

RunEvent approval_asked(const char* session, const char* run) {
  RunEvent asked = run_event(RunEvent::Kind::kWaiting, session, run);
  asked.approval_id = "a1";
  return asked;
}

TEST(Approvals, MakeTheAgentWaitUntilTheyAreDecided) {
  World world;
  world.see(sync_of({"main"}, {session_patch(kOps, 10)}));
  world.see(run_event(RunEvent::Kind::kStart, kOps, "r1"));
  RunEvent asked = run_event(RunEvent::Kind::kWaiting, kOps, "r1");
  asked.approval_id = "a1";
  EXPECT_EQ(world.see(asked).cause, Cause::kApproval);
  EXPECT_EQ(world.agent("main").reported_status, AgentStatus::kWaiting);
  asked.kind = RunEvent::Kind::kApproved;
  world.see(asked);
  EXPECT_EQ(world.agent("main").reported_status, AgentStatus::kWorking);
}

TEST(Approvals, OutliveTheRunThatAskedWhereTheGatewayMeansThemTo) {
  World world;
  world.see(sync_of({"main"}, {session_patch(kOps, 10)}));
  world.see(run_event(RunEvent::Kind::kStart, kOps, "r1"));
  RunEvent asked = run_event(RunEvent::Kind::kWaiting, kOps, "r1");
  asked.approval_id = "a1";
  asked.outlived_by_approval = true;
  world.see(asked);
  world.see(run_event(RunEvent::Kind::kEnd, kOps, "r1"));
  world.see(SessionChanged{.row = with_status(session_patch(kOps, 20), "done")});
  EXPECT_EQ(world.agent("main").reported_status, AgentStatus::kWaiting);
  asked.kind = RunEvent::Kind::kApproved;
  world.see(asked);
  EXPECT_EQ(world.agent("main").reported_status, AgentStatus::kIdle);
}

TEST(Approvals, EndWithTheRunThatAskedElsewhere) {
  World world;
  world.see(sync_of({"main"}, {session_patch(kOps, 10)}));
  world.see(run_event(RunEvent::Kind::kStart, kOps, "r1"));
  world.see(approval_asked(kOps, "r1"));
  world.see(run_event(RunEvent::Kind::kEnd, kOps, "r1"));
  EXPECT_EQ(world.agent("main").reported_status, AgentStatus::kIdle);
}

TEST(Errors, ThatMayBeRetriedKeepTheGatewaysWords) {
  World world;
  world.see(sync_of({"main"}, {session_patch(kOps, 10)}));
  world.see(run_event(RunEvent::Kind::kStart, kOps, "r1"));
  RunEvent failed = run_event(RunEvent::Kind::kError, kOps, "r1");
  failed.final = false;
  failed.ended_at = 20;
  world.see(failed);
  failed.final = true;
  failed.ended_at.reset();
  failed.error = "the provider said no";
  world.see(failed);
  const SessionPatch row = with_status(session_patch(kOps, 20), "failed");
  world.see(SessionChanged{.row = row, .phase = "error", .run_id = "r1"});
  EXPECT_EQ(world.agent("main").reported_status, AgentStatus::kError);
  EXPECT_THAT(world.agent("main").status_reason, Optional(std::string("the provider said no")));
}

TEST(Approvals, EndWithTheRunAlsoWhereItsEndWasMissed) {
  World world;
  world.see(sync_of({"main"}, {with_runs(session_patch(kOps, 10), {"r1"})}));
  world.see(approval_asked(kOps, "r1"));
  world.see(sync_of({"main"}, {with_runs(session_patch(kOps, 10), {"r1"})}));
  EXPECT_EQ(world.agent("main").reported_status, AgentStatus::kWaiting);
  world.see(sync_of({"main"}, {with_runs(session_patch(kOps, 20), {})}));
  EXPECT_EQ(world.agent("main").reported_status, AgentStatus::kIdle);
}

TEST(Approvals, DoNotOutliveTheGatewaysProcess) {
  World world;
  world.see(sync_of({"main"}, {session_patch(kOps, 10)}));
  RunEvent asked = approval_asked(kOps, "r1");
  asked.outlived_by_approval = true;
  world.see(asked);
  FleetSync sync = sync_of({"main"}, {session_patch(kOps, 10)});
  sync.gateway_started_at = world.now() - 1;
  world.see(sync);  // the connection was lost, the gateway was not
  EXPECT_EQ(world.agent("main").reported_status, AgentStatus::kWaiting);
  sync.gateway_started_at = world.now();
  world.see(sync);
  EXPECT_EQ(world.agent("main").reported_status, AgentStatus::kIdle);
}

TEST(Approvals, ExpireWhereNobodySaysSo) {
  World world;
  world.see(sync_of({"main"}, {session_patch(kOps, 10)}));
  RunEvent asked = run_event(RunEvent::Kind::kWaiting, kOps, "r1");
  asked.approval_id = "a1";
  world.see(asked);
  world.pass(std::chrono::minutes(31));
  EXPECT_EQ(world.agent("main").reported_status, AgentStatus::kIdle);
}

/// An agent says only what is the worst of it.
TEST(Attention, IsWantedByEverySessionThatWaitsOrFailed) {
  World world;
  SessionPatch archived = with_status(session_patch("agent:main:old", 9), "failed");
  archived.archived = true;
  world.see(sync_of({"main"}, {session_patch("agent:main:a", 10), session_patch("agent:main:b", 10),
                               with_status(session_patch("agent:main:c", 10), "timeout"),
                               with_status(session_patch("agent:main:d", 10), "done"), archived}));
  for (const char* key : {"agent:main:a", "agent:main:b"}) {
    const std::string run = std::string(key) + " run";
    world.see(run_event(RunEvent::Kind::kStart, key, run));
    RunEvent asked = run_event(RunEvent::Kind::kWaiting, key, run);
    asked.approval_id = run;
    world.see(asked);
    EXPECT_EQ(attention_of(world.session(key)), AgentStatus::kWaiting);
  }
  EXPECT_EQ(attention_of(world.session("agent:main:c")), AgentStatus::kError);
  EXPECT_EQ(attention_of(world.session("agent:main:d")), std::nullopt);
  EXPECT_EQ(attention_of(world.session("agent:main:old")), std::nullopt);
  world.see(run_event(RunEvent::Kind::kStart, "agent:main:c", "again"));
  EXPECT_EQ(attention_of(world.session("agent:main:c")), std::nullopt) << "it is tried again";
}

TEST(Attention, EndsWithTheDecision) {
  World world;
  world.see(sync_of({"main"}, {session_patch(kOps, 10)}));
  world.see(run_event(RunEvent::Kind::kStart, kOps, "r1"));
  RunEvent asked = run_event(RunEvent::Kind::kWaiting, kOps, "r1");
  asked.approval_id = "a1";
  world.see(asked);
  RunEvent decided = asked;
  decided.kind = RunEvent::Kind::kApproved;
  world.see(decided);
  EXPECT_EQ(world.session(kOps).held_up, std::nullopt);
}

TEST(Stalls, BeginAfterSilenceAndEndWithProgress) {
  World world;
  world.see(sync_of({"main"}, {session_patch(kOps, 10)}));
  world.see(run_event(RunEvent::Kind::kStart, kOps, "r1"));
  world.pass_confirmed(std::chrono::minutes(9));
  EXPECT_EQ(world.agent("main").reported_status, AgentStatus::kWorking);
  const auto changes = world.pass_confirmed(std::chrono::minutes(1));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].cause, Cause::kStall);
  EXPECT_EQ(world.agent("main").reported_status, AgentStatus::kStalled);
  EXPECT_THAT(world.agent("main").status_since, world.now());
  EXPECT_TRUE(world.pass(std::chrono::seconds(10)).empty());  // said once
  EXPECT_EQ(world.see(run_event(RunEvent::Kind::kProgress, kOps, "r1")).cause, Cause::kAgentRun);
  EXPECT_EQ(world.agent("main").reported_status, AgentStatus::kWorking);
}

TEST(Stalls, AreToldOfTheSessionThatIsSilentAndOfNoOther) {
  World world;
  world.see(
      sync_of({"main"}, {session_patch("agent:main:a", 10), session_patch("agent:main:b", 10)}));
  world.see(run_event(RunEvent::Kind::kStart, "agent:main:a", "stuck"));
  world.see(run_event(RunEvent::Kind::kStart, "agent:main:b", "busy"));
  world.pass_confirmed(std::chrono::minutes(10));
  world.see(run_event(RunEvent::Kind::kProgress, "agent:main:b", "busy"));
  EXPECT_THAT(world.session("agent:main:a").held_up, Optional(std::string_view("stalled")));
  EXPECT_EQ(attention_of(world.session("agent:main:a")), AgentStatus::kStalled);
  EXPECT_EQ(world.session("agent:main:b").held_up, std::nullopt);
  world.see(run_event(RunEvent::Kind::kProgress, "agent:main:a", "stuck"));
  EXPECT_EQ(attention_of(world.session("agent:main:a")), std::nullopt);
}

TEST(Stalls, OfOneSessionAreNotSpreadByARestartOfOurs) {
  World world;
  const auto busy = [](const char* key, const char* run) {
    return with_runs(with_status(session_patch(key, 10), "running"), {run});
  };
  const FleetSync sync =
      sync_of({"main"}, {busy("agent:main:a", "r1"), busy("agent:main:b", "r2")});
  world.see(sync);
  world.pass_confirmed(std::chrono::minutes(10));
  world.see(run_event(RunEvent::Kind::kProgress, "agent:main:b", "r2"));
  ChangeSet forget;
  forget.gateway = "alpha";
  forget.runs.remove = {"main"};
  world.fleet().apply(forget);
  world.see(sync);
  EXPECT_EQ(attention_of(world.session("agent:main:a")), AgentStatus::kStalled);
  EXPECT_EQ(attention_of(world.session("agent:main:b")), std::nullopt);
}

TEST(Stalls, OfOneRunAreNotHiddenByAnother) {
  World world;
  world.see(
      sync_of({"main"}, {session_patch("agent:main:a", 10), session_patch("agent:main:b", 10)}));
  world.see(run_event(RunEvent::Kind::kStart, "agent:main:a", "stuck"));
  world.see(run_event(RunEvent::Kind::kStart, "agent:main:b", "busy"));
  world.pass(std::chrono::minutes(11));
  const auto changes = world.see(run_event(RunEvent::Kind::kProgress, "agent:main:b", "busy"));
  EXPECT_TRUE(changes.agents.upsert.empty());
  EXPECT_EQ(world.agent("main").reported_status, AgentStatus::kStalled);
}

TEST(Stalls, SurviveARestartOfOurs) {
  World world;
  const FleetSync sync =
      sync_of({"main"}, {with_runs(with_status(session_patch(kOps, 10), "running"), {"r1"})});
  world.see(sync);
  world.pass(std::chrono::minutes(11));
  // What a restart leaves: the rows, and nothing of the runs.
  ChangeSet forget;
  forget.gateway = "alpha";
  forget.runs.remove = {"main"};
  world.fleet().apply(forget);
  EXPECT_FALSE(world.see(sync).journaled());
  EXPECT_EQ(world.agent("main").reported_status, AgentStatus::kStalled);
}

TEST(Progress, AloneMakesNoEntry) {
  World world;
  world.see(sync_of({"main"}, {session_patch(kOps, 10)}));
  world.see(run_event(RunEvent::Kind::kStart, kOps, "r1"));
  const ChangeSet changes = world.see(run_event(RunEvent::Kind::kProgress, kOps, "r1"));
  EXPECT_FALSE(changes.journaled());
  EXPECT_THAT(world.agent("main").last_progress_at, Optional(world.now()));
}

TEST(Progress, OfAnUnknownRunMakesNoRun) {
  World world;
  world.see(sync_of({"main"}, {session_patch(kOps, 10)}));
  world.see(run_event(RunEvent::Kind::kProgress, kOps, "late"));
  EXPECT_EQ(world.agent("main").reported_status, AgentStatus::kIdle);
}

Polled poll_of(std::vector<std::pair<std::string, AgentStatus>> agents) {
  Polled poll;
  for (auto& [id, status] : agents) {
    AgentPatch patch = agent_patch(id);
    patch.status = status;
    poll.agents.push_back(patch);
  }
  return poll;
}

TEST(Polls, RemoveOnlyWhatRestBrought) {
  World world;
  world.see(sync_of({"main"}, {}));
  world.see(poll_of({{"main", AgentStatus::kWorking}, {"rested", AgentStatus::kIdle}}),
            Source::kRest);
  EXPECT_EQ(world.agent("rested").source, Source::kRest);
  EXPECT_EQ(world.agent("main").source, Source::kWs);
  EXPECT_EQ(world.agent("main").reported_status, AgentStatus::kWorking);
  const ChangeSet changes = world.see(poll_of({}), Source::kRest);
  EXPECT_THAT(changes.agents.remove, ElementsAre("rested"));
}

TEST(Polls, OfAnUnchangedFleetWriteNothing) {
  World world;
  const Polled poll = poll_of({{"a", AgentStatus::kError}, {"b", AgentStatus::kOffline}});
  world.see(poll, Source::kRest);
  EXPECT_FALSE(world.see(poll, Source::kRest).journaled());
}

TEST(Polls, ThatAreIncompleteRemoveNothing) {
  World world;
  world.see(poll_of({{"a", AgentStatus::kIdle}}), Source::kRest);
  Polled poll = poll_of({});
  poll.complete = false;
  EXPECT_FALSE(world.see(poll, Source::kRest).journaled());
}

/// What a gateway without `/api/agents` shows of one session by its tools.
Polled tools_of(TimeMs updated_at, const char* status) {
  Polled poll;
  poll.complete = false;
  poll.agents.push_back(agent_patch("main"));
  SessionPatch row = with_status(session_patch(kOps, updated_at), status);
  row.complete = false;
  poll.sessions.sessions.push_back(row);
  return poll;
}

TEST(Polls, AnAgentThatNobodySeesIsUnknownAndNeverStalls) {
  World world;
  world.see(sync_of({"main", "otto"}, {session_patch("agent:otto:a", 10)}));
  world.see(run_event(RunEvent::Kind::kStart, "agent:otto:a", "r1"));
  AgentPatch seen = agent_patch("main");
  seen.status = AgentStatus::kIdle;
  world.see(Polled{.agents = {seen}}, Source::kRest);
  EXPECT_EQ(world.agent("otto").reported_status, AgentStatus::kUnknown);
  world.pass(std::chrono::minutes(20));
  EXPECT_EQ(world.agent("otto").reported_status, AgentStatus::kUnknown);
  world.see(sync_of({"main", "otto"}, {session_patch("agent:otto:a", 10)}));
  EXPECT_EQ(world.agent("otto").reported_status, AgentStatus::kIdle);
}

TEST(Polls, OfTheToolsMakeOutTheStatusFromTheRows) {
  World world;
  world.see(tools_of(10, "running"), Source::kRest);
  EXPECT_EQ(world.agent("main").reported_status, AgentStatus::kWorking);
  EXPECT_FALSE(world.see(tools_of(10, "running"), Source::kRest).journaled());
  world.see(tools_of(20, "failed"), Source::kRest);
  EXPECT_EQ(world.agent("main").reported_status, AgentStatus::kError);
  world.see(tools_of(30, "done"), Source::kRest);
  EXPECT_EQ(world.agent("main").reported_status, AgentStatus::kIdle);
}

TEST(Polls, OfTheToolsSeeARunThatStandsStill) {
  World world;
  world.see(tools_of(10, "running"), Source::kRest);
  world.pass(std::chrono::minutes(9));
  world.see(tools_of(10, "running"), Source::kRest);
  world.pass(std::chrono::minutes(1));
  world.see(tools_of(10, "running"), Source::kRest);
  world.pass(Millis(0));
  EXPECT_EQ(world.agent("main").reported_status, AgentStatus::kStalled);
  world.see(tools_of(11, "running"), Source::kRest);
  EXPECT_EQ(world.agent("main").reported_status, AgentStatus::kWorking);
}

TEST(Configuration, ThatForgetsAGatewayRemovesAllOfIt) {
  World world;
  world.see(sync_of({"main"}, {session_patch(kOps, 20)}));
  const ChangeSet changes = world.see(GatewayForgotten{}, Source::kSystem);
  EXPECT_EQ(changes.cause, Cause::kConfiguration);
  EXPECT_THAT(changes.gateways.remove, ElementsAre("alpha"));
  EXPECT_THAT(changes.agents.remove, ElementsAre("main"));
  EXPECT_THAT(changes.sessions.remove, ElementsAre(kOps));
  EXPECT_EQ(world.fleet().gateway("alpha"), nullptr);
  EXPECT_TRUE(
      world.see(SessionChanged{.row = session_patch(kOps, 30)}).empty());  // it was on its way
}

TEST(Connection, LostIsOneChangeOfTheGatewayAlone) {
  World world;
  world.see(sync_of({"main"}, {session_patch(kOps, 20)}));
  const ChangeSet changes =
      world.see(ConnectionReport{.state = GatewayState::kOffline, .detail = "gone"});
  EXPECT_EQ(changes.gateways.upsert.size(), 1U);
  EXPECT_FALSE(changes.agents.journaled());
  EXPECT_FALSE(changes.gateway_speaks);
  EXPECT_EQ(world.gateway().protocol, 4);  // the last known one
}

TEST(Gaps, AreCounted) {
  World world;
  EXPECT_EQ(world.see(GapReport{}).cause, Cause::kGap);
  EXPECT_EQ(world.gateway().gaps, 1);
}

TEST(SignsOfLife, MakeNoEntry) {
  World world;
  EXPECT_FALSE(world.see(SignOfLife{}).journaled());
  EXPECT_THAT(world.gateway().last_event_at, Optional(world.now()));
}

TEST(Connection, SaysSinceWhenItHasItsState) {
  World world;
  const TimeMs lost_at = world.now() + 1000;
  world.see(ConnectionReport{.state = GatewayState::kOffline, .detail = "gone"});
  world.see(ConnectionReport{.state = GatewayState::kOffline, .detail = "still gone"});
  EXPECT_THAT(world.gateway().since, Optional(lost_at));
}

TEST(Connection, TriedAgainMakesNoEntry) {
  World world;
  ConnectionReport report{.state = GatewayState::kOffline, .detail = "gone"};
  world.see(report);
  report.attempts = 3;
  report.next_attempt_at = world.now() + 5000;
  EXPECT_FALSE(world.see(report).journaled());
  EXPECT_EQ(world.gateway().attempts, 3);
  EXPECT_EQ(world.gateway().next_attempt_at, report.next_attempt_at);
}

TEST(Configuration, SaysWhereTheGatewayIs) {
  World world;
  world.see(GatewayConfigured{.url = "ws://box:18789/"}, Source::kSystem);
  EXPECT_THAT(world.gateway().url, Optional(std::string("ws://box:18789/")));
}

// ---- why an agent has its status

SessionPatch titled(SessionPatch patch, const char* title) {
  patch.title = title;
  return patch;
}

const std::string& reason(World& world) {
  return world.agent("main").status_reason.value();
}

TEST(Reasons, SayWhatHappenedAndThenTheTitle) {
  World world;
  const auto row = titled(session_patch(kOps, 10), "Clean up stale branches");
  world.see(sync_of({"main"}, {row}));
  world.see(run_event(RunEvent::Kind::kStart, kOps, "r1"));
  EXPECT_EQ(reason(world), "Clean up stale branches");
  world.see(approval_asked(kOps, "r1"));
  EXPECT_EQ(reason(world), "Needs approval · Clean up stale branches");
  world.see(SessionChanged{
      .row = with_runs(
          with_status(titled(session_patch(kOps, 20), "Clean up stale branches"), "timeout"), {})});
  EXPECT_EQ(reason(world), "Timed out · Clean up stale branches");
  EXPECT_THAT(world.agent("main").status_session_key, Optional(std::string(kOps)));
}

TEST(Reasons, NeverShowAKeyForWantOfATitle) {
  World world;
  world.see(sync_of({"main"}, {with_status(session_patch(kOps, 10), "failed")}));
  EXPECT_EQ(reason(world), "Failed");
  EXPECT_THAT(world.agent("main").status_session_key, Optional(std::string(kOps)));
}

TEST(Reasons, EndWithTheStatus) {
  World world;
  world.see(sync_of({"main"}, {with_status(session_patch(kOps, 10), "failed")}));
  world.see(SessionChanged{.row = with_runs(with_status(session_patch(kOps, 20), "done"), {})});
  EXPECT_EQ(world.agent("main").status_reason, std::nullopt);
  EXPECT_EQ(world.agent("main").status_session_key, std::nullopt);
}

TEST(Reasons, OfAStallSaySinceWhenNothingCame) {
  World world;
  world.see(sync_of({"main"}, {titled(session_patch(kOps, 10), "Summarise the mail")}));
  world.see(run_event(RunEvent::Kind::kStart, kOps, "r1"));
  const TimeMs started = world.now();
  world.pass_confirmed(std::chrono::minutes(2), std::chrono::minutes(2));
  EXPECT_EQ(reason(world), "No progress for over 2 min · Summarise the mail");
  EXPECT_THAT(world.agent("main").silent_since, Optional(started));
  world.see(run_event(RunEvent::Kind::kProgress, kOps, "r1"));
  EXPECT_EQ(world.agent("main").silent_since, std::nullopt);
}

TEST(Approvals, CountTheRunThatEndedToWait) {
  World world;
  world.see(sync_of({"main"}, {session_patch(kOps, 10)}));
  world.see(run_event(RunEvent::Kind::kStart, kOps, "r1"));
  RunEvent asked = approval_asked(kOps, "r1");
  asked.outlived_by_approval = true;
  world.see(asked);
  EXPECT_EQ(world.agent("main").active_runs, 1);
  world.see(run_event(RunEvent::Kind::kEnd, kOps, "r1"));
  EXPECT_EQ(world.agent("main").active_runs, 1);
  EXPECT_EQ(world.session(kOps).active_runs, 1);
  asked.kind = RunEvent::Kind::kApproved;
  world.see(asked);
  EXPECT_EQ(world.agent("main").active_runs, 0);
  EXPECT_EQ(world.session(kOps).active_runs, 0);
}

TEST(Reasons, SurviveARestartOfOurs) {
  World world;
  SessionPatch row = with_status(session_patch(kOps, 20), "failed");
  row.last_run_error = "The provider said no.";
  world.see(sync_of({"main"}, {row}));
  ChangeSet forget;
  forget.gateway = "alpha";
  forget.runs.remove = {"main"};
  world.fleet().apply(forget);
  row.last_run_error.reset();
  EXPECT_FALSE(world.see(sync_of({"main"}, {row})).journaled());
  EXPECT_EQ(reason(world), "The provider said no");
}

// ---- the latest failure of a session

TEST(Failures, StayWhenTheNextRunIsGood) {
  World world;
  SessionPatch failed = with_status(session_patch(kOps, 20), "failed");
  failed.last_run_error = "the model did not answer";
  world.see(sync_of({"main"}, {failed}));
  SessionPatch good = with_runs(with_status(session_patch(kOps, 40), "done"), {});
  good.started_at = 30;
  good.last_run_error = std::optional<std::string_view>();
  world.see(SessionChanged{.row = good});
  EXPECT_EQ(world.session(kOps).last_error, "the model did not answer");
  EXPECT_EQ(world.session(kOps).last_error_at, 20);
}

TEST(Failures, OfWhichTheGatewaySaysNothingAreNamed) {
  World world;
  world.see(sync_of({"main"}, {with_status(session_patch(kOps, 20), "timeout"),
                               with_status(session_patch("agent:main:b", 10), "failed")}));
  EXPECT_EQ(world.session(kOps).last_error, "Timed out.");
  EXPECT_EQ(world.session("agent:main:b").last_error, "Failed.");
}

TEST(Failures, KeepTheWordsOfTheEventThatTheRowDoesNotHave) {
  World world;
  world.see(sync_of({"main"}, {session_patch(kOps, 10)}));
  RunEvent failed = run_event(RunEvent::Kind::kError, kOps, "r1");
  failed.started_at = 15;
  failed.ended_at = 20;
  failed.error = "the provider said no";
  world.see(failed);
  SessionPatch row = with_status(session_patch(kOps, 22), "failed");
  row.started_at = 15;
  world.see(SessionChanged{.row = row, .phase = "error", .run_id = "r1"});
  EXPECT_EQ(world.session(kOps).last_error, "the provider said no");
  EXPECT_EQ(world.session(kOps).last_error_at, 22);
}

TEST(Failures, OfALaterRunTakeTheirPlace) {
  World world;
  SessionPatch first = with_status(session_patch(kOps, 20), "failed");
  first.last_run_error = "the model did not answer";
  world.see(sync_of({"main"}, {first}));
  SessionPatch second = with_runs(with_status(session_patch(kOps, 40), "timeout"), {});
  second.started_at = 30;
  world.see(SessionChanged{.row = second});
  EXPECT_EQ(world.session(kOps).last_error, "Timed out.");
  EXPECT_EQ(world.session(kOps).last_error_at, 40);
}

TEST(Failures, AreNotWhatAPersonStopped) {
  World world;
  world.see(sync_of({"otto"}, {session_patch(kOtto, 100)}));
  world.see(ended(110, 200, "timeout"));  // for a moment
  world.see(ended(110, 201, "killed"));
  EXPECT_EQ(world.session(kOtto).last_error, std::nullopt);
  RunEvent aborted = run_event(RunEvent::Kind::kEnd, kOtto, "r1");
  aborted.aborted = true;
  aborted.ended_at = 300;
  world.see(aborted);
  world.see(ended(210, 310, "timeout"));
  EXPECT_EQ(world.session(kOtto).last_error, std::nullopt);
}

TEST(Failures, ThatNobodyTookBackAreKept) {
  World world;
  world.see(sync_of({"otto"}, {session_patch(kOtto, 100)}));
  world.see(run_event(RunEvent::Kind::kStart, kOtto, "r1"));
  RunEvent provisional = run_event(RunEvent::Kind::kError, kOtto, "r1");
  provisional.final = false;
  provisional.ended_at = 200;
  world.see(provisional);
  EXPECT_EQ(world.session(kOtto).last_error, std::nullopt);
  world.pass(std::chrono::seconds(25));
  EXPECT_EQ(world.session(kOtto).last_error_at, 200);
}

}  // namespace
}  // namespace cc::fleet
