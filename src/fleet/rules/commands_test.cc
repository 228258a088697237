// Commands and approvals: what becomes of their rows.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fleet/rules/command_objection.h"
#include "fleet/rules/command_rules.h"
#include "fleet/testing/json_of.h"
#include "fleet/testing/world.h"

namespace cc::fleet {
namespace {

using namespace testing;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

Command command_of(std::string id, std::string kind, CommandTarget target,
                   std::string params = "{}") {
  Command row;
  row.id = std::move(id);
  row.gateway = "alpha";
  row.kind = std::move(kind);
  row.target = std::move(target);
  row.params.json = std::move(params);
  row.author = {"anna", "operator", "page"};
  return row;
}

Command decide(std::string id, std::string decision, std::string approval = "ap-1") {
  return command_of(std::move(id), "approval.decide", {"approvalId", std::move(approval)},
                    R"({"decision":")" + decision + R"("})");
}

Command send(std::string id, std::string text) {
  Command row = command_of(std::move(id), "session.send", {"sessionKey", "agent:otto:main"},
                           R"({"text":{"length":1,"sha256":"x"}})");
  row.letter = std::make_shared<const std::string>(R"({"text":")" + text + R"("})");
  return row;
}

ApprovalPatch approval_patch(TimeMs expires_at, std::string id = "ap-1") {
  ApprovalPatch patch;
  patch.id = std::move(id);
  patch.kind = ApprovalKind::kExec;
  patch.agent_id = "otto";
  patch.session_key = "agent:otto:main";
  patch.command = "rm -rf build\necho done";
  patch.decisions = {"allow-once", "deny"};
  patch.created_at = kStart;
  patch.expires_at = expires_at;
  return patch;
}

class Commands : public ::testing::Test {
 protected:
  Commands() {
    world.see(sync_of({"otto"}, {with_status(session_patch("agent:otto:main", kStart), "done")}));
    world.see(ApprovalAsked{approval_patch(kStart + 30 * 60 * 1000)});
  }

  const Command* command(std::string_view id) { return world.fleet().find<Command>("alpha", id); }
  CommandStatus status(std::string_view id) { return command(id)->status; }
  const Approval& approval(std::string_view id = "ap-1") {
    return *world.fleet().find<Approval>("alpha", id);
  }
  void give(Command row) { world.see(CommandGiven{std::move(row)}, Source::kSystem); }
  void give_and_send(Command row) {
    const std::string id = row.id;
    give(std::move(row));
    world.see(CommandDue{id}, Source::kSystem);
  }

  World world;
};

TEST_F(Commands, OneThatIsGivenIsAccepted) {
  const auto changes = world.see(CommandGiven{decide("c1", "deny")}, Source::kSystem);
  EXPECT_EQ(changes.cause, Cause::kCommand);
  EXPECT_EQ(status("c1"), CommandStatus::kAccepted);
  EXPECT_EQ(command("c1")->created_at, world.now());
  EXPECT_EQ(command("c1")->sent_at, std::nullopt);
}

TEST_F(Commands, GoesAtOnceWhereNothingStandsBeforeIt) {
  ConnectionReport report{.state = GatewayState::kLive, .source = Source::kWs};
  give(decide("c0", "deny"));
  EXPECT_FALSE(goes_at_once(world.fleet(), decide("c0", "deny"))) << "of the page";
  report.can = {"session.abort"};
  world.see(report);
  const auto stop = [](std::string id, std::string session) {
    return command_of(std::move(id), "session.abort", {"sessionKey", std::move(session)});
  };
  give(stop("c1", "agent:otto:main"));
  EXPECT_TRUE(goes_at_once(world.fleet(), stop("c1", "agent:otto:main")));
  give(stop("c2", "agent:otto:main"));
  EXPECT_FALSE(goes_at_once(world.fleet(), stop("c2", "agent:otto:main"))) << "keeps its order";
  world.see(CommandDue{"c1"}, Source::kSystem);
  EXPECT_FALSE(goes_at_once(world.fleet(), stop("c1", "agent:otto:main"))) << "is sent already";
  report.state = GatewayState::kOffline;
  world.see(report);
  world.see(CommandAnswered{.id = "c1", .status = CommandStatus::kDone});
  EXPECT_FALSE(goes_at_once(world.fleet(), stop("c2", "agent:otto:main"))) << "nobody is there";
}

TEST_F(Commands, OnlySoManyGoAtOnce) {
  ConnectionReport report{.state = GatewayState::kLive, .source = Source::kWs};
  report.can = {"session.create"};
  world.see(report);
  for (std::size_t i = 0; i <= kMostInFlight; ++i) {
    const auto row = command_of("c" + std::to_string(i), "session.create", {"", ""});
    give(row);
    EXPECT_EQ(goes_at_once(world.fleet(), row), i < kMostInFlight) << i;
  }
}

TEST_F(Commands, GoesItsWayToTheEnd) {
  give_and_send(decide("c1", "deny"));
  EXPECT_EQ(status("c1"), CommandStatus::kSent);
  world.see(CommandAnswered{.id = "c1", .status = CommandStatus::kDone});
  EXPECT_EQ(status("c1"), CommandStatus::kDone);
  EXPECT_TRUE(command("c1")->sent_at && command("c1")->ended_at);
}

TEST_F(Commands, TheSameIdAgainChangesNothing) {
  give_and_send(decide("c1", "deny"));
  EXPECT_TRUE(world.see(CommandGiven{decide("c1", "allow-once")}, Source::kSystem).empty());
}

TEST_F(Commands, WhatIsSaidIsInNoRow) {
  give(send("c1", "canary"));
  EXPECT_NE(command("c1")->letter, nullptr);
  EXPECT_THAT(json_of<Command>(*command("c1")), Not(HasSubstr("canary")));
  world.see(CommandDue{"c1"}, Source::kSystem);
  EXPECT_NE(command("c1")->letter, nullptr);
  world.see(CommandAnswered{.id = "c1", .status = CommandStatus::kDone});
  EXPECT_EQ(command("c1")->letter, nullptr);
}

TEST_F(Commands, OneThatNeverLeftWaitsAgain) {
  give_and_send(decide("c1", "deny"));
  world.see(CommandAnswered{.id = "c1", .status = CommandStatus::kAccepted});
  EXPECT_EQ(status("c1"), CommandStatus::kAccepted);
  EXPECT_EQ(command("c1")->sent_at, std::nullopt);
}

TEST_F(Commands, OneIsTakenBackBeforeItIsSentAndNotAfter) {
  give(decide("c1", "deny"));
  world.see(CommandWithdrawn{"c1", "anna"}, Source::kSystem);
  EXPECT_EQ(status("c1"), CommandStatus::kRefused);
  world.see(CommandDue{"c1"}, Source::kSystem);
  EXPECT_EQ(status("c1"), CommandStatus::kRefused);

  give_and_send(decide("c2", "deny"));
  world.see(CommandWithdrawn{"c2", "anna"}, Source::kSystem);
  EXPECT_EQ(status("c2"), CommandStatus::kSent);
}

TEST_F(Commands, AnAnswerAfterTheEndChangesNothing) {
  give_and_send(decide("c1", "deny"));
  world.see(CommandAnswered{.id = "c1", .status = CommandStatus::kDone});
  EXPECT_FALSE(
      world.see(CommandAnswered{.id = "c1", .status = CommandStatus::kRefused}).journaled());
}

TEST_F(Commands, OneExpiresWhereTheGatewayStaysAway) {
  world.see(ConnectionReport{.state = GatewayState::kOffline}, Source::kSystem);
  give(decide("c1", "deny"));
  world.pass(4min);
  EXPECT_EQ(status("c1"), CommandStatus::kAccepted);
  world.pass(2min);
  EXPECT_EQ(status("c1"), CommandStatus::kExpired);
}

TEST_F(Commands, EndedOnesLeaveAfterAWeek) {
  give_and_send(decide("c1", "deny"));
  world.see(CommandAnswered{.id = "c1", .status = CommandStatus::kDone});
  world.pass(std::chrono::hours(24 * 6));
  EXPECT_NE(command("c1"), nullptr);
  world.pass(std::chrono::hours(25));
  EXPECT_EQ(command("c1"), nullptr);
}

// -- a restart of Control Center

TEST_F(Commands, ARestartMakesOneThatWasSentUnknown) {
  give_and_send(decide("c1", "deny"));
  world.see(GatewayConfigured{}, Source::kSystem);
  EXPECT_EQ(status("c1"), CommandStatus::kUnknown);
}

TEST_F(Commands, ARestartLosesAMessageThatWasNotSent) {
  give(send("c1", "hello"));
  const_cast<Command*>(command("c1"))->letter.reset();
  give(decide("c2", "deny"));
  world.see(GatewayConfigured{}, Source::kSystem);
  EXPECT_EQ(status("c1"), CommandStatus::kExpired);
  EXPECT_THAT(*command("c1")->detail, HasSubstr("does not keep what is said"));
  EXPECT_EQ(status("c2"), CommandStatus::kAccepted);
}

// -- what is seen afterwards

TEST_F(Commands, ALostAnswerIsSettledByTheApproval) {
  give_and_send(decide("c1", "deny"));
  world.see(CommandAnswered{.id = "c1", .status = CommandStatus::kUnknown});
  world.see(ApprovalResolved{"ap-1", ApprovalStatus::kDenied, "deny", "Control Center"});
  EXPECT_EQ(status("c1"), CommandStatus::kDone);
  EXPECT_EQ(approval().decided_by, "anna");
}

TEST_F(Commands, ALostAnswerIsSettledAgainstIt) {
  give_and_send(decide("c1", "deny"));
  world.see(CommandAnswered{.id = "c1", .status = CommandStatus::kUnknown});
  world.see(ApprovalResolved{"ap-1", ApprovalStatus::kAllowed, "allow-once", "somebody"});
  EXPECT_EQ(status("c1"), CommandStatus::kRefused);
  EXPECT_EQ(approval().decided_by, "somebody");
}

// The event came first, then the link was cut.
TEST_F(Commands, AnAnswerThatIsLostAfterTheEventWasNotNeeded) {
  give_and_send(decide("c1", "deny"));
  world.see(ApprovalResolved{"ap-1", ApprovalStatus::kDenied, "deny", "Control Center"});
  world.see(CommandAnswered{.id = "c1", .status = CommandStatus::kUnknown});
  EXPECT_EQ(status("c1"), CommandStatus::kDone);
}

TEST_F(Commands, ARestartAfterTheEventLeavesNothingUnknown) {
  give_and_send(decide("c1", "deny"));
  world.see(ApprovalResolved{"ap-1", ApprovalStatus::kAllowed, "allow-once", "bob"});
  world.see(GatewayConfigured{}, Source::kSystem);
  EXPECT_EQ(status("c1"), CommandStatus::kRefused);
}

// It was gone from the list, and the gateway tells later how it ended.
TEST_F(Commands, HowAnApprovalThatIsGoneEndedIsToldLater) {
  give_and_send(decide("c1", "deny"));
  world.see(CommandAnswered{.id = "c1", .status = CommandStatus::kUnknown});
  FleetSync sync = sync_of({"otto"}, {});
  sync.approvals = ApprovalList{{ApprovalKind::kExec, ApprovalKind::kPlugin}, {}};
  world.see(std::move(sync));
  world.see(ApprovalResolved{"ap-1", ApprovalStatus::kDenied, "deny", ""});
  EXPECT_EQ(approval().status, ApprovalStatus::kDenied);
  EXPECT_EQ(approval().decided_by, "anna");
  EXPECT_EQ(status("c1"), CommandStatus::kDone);
}

TEST_F(Commands, AnApprovalThatIsOnlyGoneSettlesNothing) {
  give_and_send(decide("c1", "deny"));
  world.see(CommandAnswered{.id = "c1", .status = CommandStatus::kUnknown});
  FleetSync sync = sync_of({"otto"}, {});
  sync.approvals = ApprovalList{{ApprovalKind::kExec, ApprovalKind::kPlugin}, {}};
  world.see(std::move(sync));
  EXPECT_EQ(status("c1"), CommandStatus::kUnknown);
  EXPECT_EQ(approval().status, ApprovalStatus::kCancelled);
}

TEST_F(Commands, AMessageIsSeenByItsRun) {
  give_and_send(send("c1", "hello"));
  world.see(CommandAnswered{.id = "c1", .status = CommandStatus::kUnknown});
  world.see(run_event(RunEvent::Kind::kStart, "agent:otto:main", "c1"));
  EXPECT_EQ(status("c1"), CommandStatus::kDone);
}

TEST_F(Commands, AStopIsSeenByTheSessionThatRests) {
  give_and_send(command_of("c1", "session.abort", {"sessionKey", "agent:otto:main"}));
  world.see(CommandAnswered{.id = "c1", .status = CommandStatus::kUnknown});
  world.pass(1s);
  EXPECT_EQ(status("c1"), CommandStatus::kDone);
}

// -- preconditions

TEST_F(Commands, TheSecondDecisionIsNotTaken) {
  give(decide("c1", "deny"));
  EXPECT_TRUE(world.see(CommandGiven{decide("c2", "allow-once")}, Source::kSystem).empty());
  EXPECT_EQ(command("c2"), nullptr);
  const auto why = objection(world.fleet(), decide("c2", "allow-once"), std::nullopt);
  ASSERT_TRUE(why);
  EXPECT_EQ(why->kind, Objection::Kind::kMoved);
  EXPECT_THAT(why->detail, HasSubstr("anna"));
}

TEST_F(Commands, ADecisionOnWhatIsOverIsNotTaken) {
  world.see(ApprovalResolved{"ap-1", ApprovalStatus::kDenied, "deny", "bob"});
  give(decide("c1", "allow-once"));
  EXPECT_EQ(command("c1"), nullptr);
  EXPECT_THAT(objection(world.fleet(), decide("c1", "allow-once"), std::nullopt)->detail,
              HasSubstr("denied (deny) by bob"));
}

TEST_F(Commands, OnlyWhatTheGatewayOffersIsDecided) {
  give(decide("c1", "allow-always"));
  EXPECT_EQ(command("c1"), nullptr);
}

TEST_F(Commands, WhatIsNotThereIsMissing) {
  for (const auto& target : {CommandTarget{"approvalId", "no"}, CommandTarget{"sessionKey", "no"},
                             CommandTarget{"agentId", "no"}, CommandTarget{"jobId", "no"}}) {
    const auto why = objection(world.fleet(), command_of("c", "stop", target), std::nullopt);
    ASSERT_TRUE(why) << target.member;
    EXPECT_EQ(why->kind, Objection::Kind::kMissing) << target.member;
  }
}

TEST_F(Commands, AnAgentThatMovedIsSaidToHaveMoved) {
  const auto version = world.agent("otto").version;
  const auto row = command_of("c", "agent.update", {"agentId", "otto"});
  EXPECT_FALSE(objection(world.fleet(), row, version));
  EXPECT_EQ(objection(world.fleet(), row, version + 1)->kind, Objection::Kind::kMoved);
}

// The gateway would take it as the answer.
TEST_F(Commands, NoMessageGoesToASessionInWhichAQuestionWaits) {
  ApprovalPatch question = approval_patch(kStart + 3'600'000, "ask_1");
  question.kind = ApprovalKind::kQuestion;
  world.see(ApprovalAsked{question});
  give(send("c1", "hello"));
  EXPECT_EQ(command("c1"), nullptr);
  world.see(ApprovalResolved{"ask_1", ApprovalStatus::kAnswered, "answer", ""});
  give(send("c1", "hello"));
  EXPECT_NE(command("c1"), nullptr);
}

TEST_F(Commands, NoneStaysSentForEver) {
  give_and_send(decide("c1", "deny"));
  world.pass(std::chrono::hours(1));
  EXPECT_EQ(status("c1"), CommandStatus::kUnknown);
}

// -- approvals

TEST_F(Commands, AnApprovalIsARowWithItsWholeCommand) {
  EXPECT_EQ(approval().status, ApprovalStatus::kPending);
  EXPECT_EQ(approval().command, "rm -rf build\necho done");
}

TEST_F(Commands, AnAnswerAloneEndsTheApproval) {
  give_and_send(decide("c1", "allow-once"));
  world.see(CommandAnswered{.id = "c1", .status = CommandStatus::kDone});
  EXPECT_EQ(approval().status, ApprovalStatus::kAllowed);
  EXPECT_EQ(approval().decision, "allow-once");
  EXPECT_EQ(approval().decided_by, "anna");
}

// The event came up to 900 ms before the answer, or after it.
TEST_F(Commands, EventAndAnswerMayComeInAnyOrder) {
  give_and_send(decide("c1", "allow-once"));
  world.see(ApprovalResolved{"ap-1", ApprovalStatus::kAllowed, "allow-once", "Control Center"});
  EXPECT_EQ(approval().decided_by, "anna");
  world.see(CommandAnswered{.id = "c1", .status = CommandStatus::kDone});
  EXPECT_EQ(status("c1"), CommandStatus::kDone);
  EXPECT_EQ(approval().decided_by, "anna");
}

// Another console with our name, and nobody of ours decided that.
TEST_F(Commands, WhatAnotherConsoleDecidedIsNotOurs) {
  give_and_send(decide("c1", "deny"));
  world.see(ApprovalResolved{"ap-1", ApprovalStatus::kAllowed, "allow-once", "Control Center"});
  EXPECT_EQ(approval().decided_by, "Control Center");
}

TEST_F(Commands, SomethingFasterIsTold) {
  give_and_send(decide("c1", "deny"));
  world.see(ApprovalResolved{"ap-1", ApprovalStatus::kAllowed, "allow-once", "bob"});
  world.see(CommandAnswered{.id = "c1",
                            .status = CommandStatus::kRefused,
                            .detail = "approval already resolved",
                            .overtaken = true});
  EXPECT_EQ(status("c1"), CommandStatus::kRefused);
  EXPECT_THAT(*command("c1")->detail, HasSubstr("allowed by bob"));
}

// Protocol 3 sends nothing when an approval expires.
TEST_F(Commands, AnApprovalExpiresByOurOwnClock) {
  world.pass(29min);
  EXPECT_EQ(approval().status, ApprovalStatus::kPending);
  const auto changes = world.pass(2min);
  EXPECT_EQ(approval().status, ApprovalStatus::kExpired);
  EXPECT_TRUE(std::ranges::any_of(
      changes, [](const auto& change) { return change.cause == Cause::kApproval; }));
}

TEST_F(Commands, ADecidedApprovalLeavesAfterADay) {
  world.see(ApprovalResolved{"ap-1", ApprovalStatus::kDenied, "deny", "bob"});
  world.pass(std::chrono::hours(25));
  EXPECT_EQ(world.fleet().find<Approval>("alpha", "ap-1"), nullptr);
}

TEST_F(Commands, OneThatIsAskedForAgainLateStaysDecided) {
  world.see(ApprovalResolved{"ap-1", ApprovalStatus::kDenied, "deny", "bob"});
  world.see(ApprovalAsked{approval_patch(kStart + 1000)});
  EXPECT_EQ(approval().status, ApprovalStatus::kDenied);
}

TEST_F(Commands, AListOfSomeKindsSaysNothingOfOthers) {
  ApprovalPatch question = approval_patch(kStart + 3'600'000, "ask_1");
  question.kind = ApprovalKind::kQuestion;
  world.see(ApprovalAsked{question});
  FleetSync sync = sync_of({"otto"}, {});
  sync.approvals = ApprovalList{{ApprovalKind::kExec, ApprovalKind::kPlugin}, {}};
  world.see(std::move(sync));
  EXPECT_EQ(approval("ask_1").status, ApprovalStatus::kPending);
  EXPECT_EQ(approval("ap-1").status, ApprovalStatus::kCancelled);
}

TEST_F(Commands, TheRunOfAnApprovalIsLearnedFromItsEvents) {
  RunEvent waits = run_event(RunEvent::Kind::kWaiting, "agent:otto:main", "run-7");
  waits.approval_id = "ap-1";
  world.see(waits);
  EXPECT_EQ(approval().run_id, "run-7");
}

TEST_F(Commands, AGatewayThatLeavesTakesThemWithIt) {
  give(decide("c1", "deny"));
  world.see(GatewayForgotten{}, Source::kSystem);
  EXPECT_EQ(command("c1"), nullptr);
  EXPECT_EQ(world.fleet().find<Approval>("alpha", "ap-1"), nullptr);
}

}  // namespace
}  // namespace cc::fleet
