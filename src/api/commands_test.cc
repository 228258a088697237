// Telling gateways something, asked over a real connection.

#include "api/resources/commands/commands.h"

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "api/testing/running_server.h"

namespace cc::api {
namespace {

namespace json = boost::json;
using testing::Answer;
using ::testing::Contains;
using ::testing::HasSubstr;
using testing::kAdminToken;
using testing::kOperatorToken;
using testing::kViewerToken;
using ::testing::Not;
using testing::RunningServer;

std::string text_at(const Answer& answer, std::string_view pointer) {
  json::error_code missing;
  const auto value = json::parse(answer.body);
  const auto* found = value.find_pointer({pointer.data(), pointer.size()}, missing);
  if (found == nullptr) return "nothing";
  return found->is_string() ? std::string(found->as_string()) : json::serialize(*found);
}

fleet::Fleet live_fleet(fleet::Access access = fleet::Access::kAdmin) {
  fleet::Fleet fleet;
  auto gateway = std::make_shared<fleet::Gateway>();
  gateway->name = "home";
  gateway->state = fleet::GatewayState::kLive;
  gateway->protocol = 4;
  gateway->access = access;
  for (const auto& kind : command::kinds()) gateway->can.emplace_back(kind.name);
  fleet.put(std::shared_ptr<const fleet::Gateway>(gateway));
  fleet::SessionRow session;
  session.gateway = "home";
  session.key = "agent:otto:main";
  session.agent_id = "otto";
  fleet.put(fleet::PackedSession::make(session));
  auto approval = std::make_shared<fleet::Approval>();
  approval->gateway = "home";
  approval->id = "ap-1";
  approval->command = "rm -rf build";
  approval->decisions = {"allow-once", "deny"};
  fleet.put(std::shared_ptr<const fleet::Approval>(approval));
  return fleet;
}

constexpr std::string_view kDeny =
    R"({"gateway":"home","kind":"approval.decide","target":{"approvalId":"ap-1"},"params":{"decision":"deny"}})";
constexpr std::string_view kAllow =
    R"({"gateway":"home","kind":"approval.decide","target":{"approvalId":"ap-1"},"params":{"decision":"allow-once"}})";
constexpr std::string_view kSay =
    R"({"gateway":"home","kind":"session.send","target":{"sessionKey":"agent:otto:main"},"params":{"text":"canary"}})";

class CommandRoutes : public ::testing::Test {
 protected:
  Answer tell(std::string_view body, std::string_view token = kOperatorToken,
              std::string_view more = {}) {
    return server.ask("POST", "/api/v1/commands", token, body, more);
  }
  void see(decltype(fleet::Observation::what) what) {
    server.see({"home", fleet::Source::kWs, server.clock.wall(), std::move(what)});
  }

  RunningServer server{{.fleet = live_fleet()}};
};

TEST_F(CommandRoutes, OneIsAcceptedAndShown) {
  const auto told = tell(kDeny);
  ASSERT_EQ(told.status, 202) << told.body;
  EXPECT_EQ(text_at(told, "/status"), "accepted");
  EXPECT_EQ(text_at(told, "/author"), R"({"name":"hand","role":"operator","via":"token"})");
  EXPECT_EQ(text_at(told, "/target"), R"({"approvalId":"ap-1"})");
  const auto shown = server.get(told.header("location"));
  EXPECT_EQ(shown.status, 200);
  EXPECT_EQ(text_at(shown, "/id"), text_at(told, "/id"));
  EXPECT_EQ(text_at(server.get("/api/v1/commands?status=accepted&author=hand"), "/total"), "1");
}

TEST_F(CommandRoutes, TheLatestIsListedFirst) {
  (void)tell(kDeny);
  server.clock.advance(std::chrono::seconds(1));
  const auto later = tell(kSay);
  const auto list = server.get("/api/v1/commands");
  EXPECT_EQ(text_at(list, "/items/0/id"), text_at(later, "/id"));
  EXPECT_EQ(text_at(list, "/total"), "2");
  const auto page = server.get("/api/v1/commands?limit=1&page=" +
                               text_at(server.get("/api/v1/commands?limit=1"), "/next"));
  EXPECT_EQ(text_at(page, "/items/0/id"), text_at(list, "/items/1/id"));
}

TEST_F(CommandRoutes, ABodyThatIsNotInOrderIsRefusedByMember) {
  const auto told = tell(
      R"({"gateway":"home","kind":"approval.decide","target":{"approvalId":"ap-1"},"params":{"decision":"maybe"}})");
  EXPECT_EQ(told.status, 400);
  EXPECT_EQ(text_at(told, "/member"), "params.decision");
  EXPECT_EQ(tell(R"({"gateway":"home","kind":"no"})").status, 400);
  EXPECT_EQ(tell(kDeny, kOperatorToken, "Idempotency-Key: \r\n").status, 400);
}

TEST_F(CommandRoutes, RolesDecideWhoMay) {
  constexpr std::string_view kReset =
      R"({"gateway":"home","kind":"session.reset","target":{"sessionKey":"agent:otto:main"}})";
  EXPECT_EQ(tell(kDeny, kViewerToken).status, 403);
  EXPECT_EQ(tell(kReset, kOperatorToken).status, 403);
  EXPECT_EQ(tell(kReset, kAdminToken).status, 202);
  EXPECT_EQ(tell(kDeny, "").status, 401);
}

// Every kind, for every role: who may not is told so before anything else is looked at.
TEST_F(CommandRoutes, EveryKindKeepsItsRole) {
  for (const auto& kind : command::kinds()) {
    const bool for_operators = kind.by == command::By::kOperator;
    const auto body = R"({"gateway":"nowhere","kind":")" + std::string(kind.name) + R"("})";
    EXPECT_EQ(tell(body, kViewerToken).status, 403) << kind.name;
    const int status = tell(body, kOperatorToken).status;
    EXPECT_TRUE(for_operators ? status == 400 || status == 404 : status == 403 || status == 400)
        << kind.name << status;
  }
}

TEST_F(CommandRoutes, TheSameKeyIsTheSameCommand) {
  const auto first = tell(kDeny, kOperatorToken, "Idempotency-Key: k1\r\n");
  ASSERT_EQ(first.status, 202);
  const auto again = tell(kDeny, kOperatorToken, "Idempotency-Key: k1\r\n");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(text_at(again, "/id"), text_at(first, "/id"));
  EXPECT_EQ(tell(kAllow, kOperatorToken, "Idempotency-Key: k1\r\n").status, 422);
  // Of another author it is another key.
  EXPECT_NE(text_at(tell(kDeny, kAdminToken, "Idempotency-Key: k1\r\n"), "/id"),
            text_at(first, "/id"));
}

TEST_F(CommandRoutes, AKeyIsFreeAgainWhereNothingCameOfIt) {
  server.storage_fails(true);
  EXPECT_EQ(tell(kDeny, kOperatorToken, "Idempotency-Key: k1\r\n").status, 503);
  server.storage_fails(false);
  EXPECT_EQ(tell(kDeny, kOperatorToken, "Idempotency-Key: k1\r\n").status, 202);
}

TEST_F(CommandRoutes, TheSecondOfTwoOperatorsIsToldWhoWasFirst) {
  ASSERT_EQ(tell(kDeny).status, 202);
  const auto second = tell(kAllow, kAdminToken);
  EXPECT_EQ(second.status, 409);
  EXPECT_THAT(text_at(second, "/detail"), HasSubstr("hand"));
  EXPECT_EQ(text_at(second, "/row/id"), "ap-1");

  see(fleet::ApprovalResolved{"ap-1", fleet::ApprovalStatus::kDenied, "deny", "bob"});
  const auto late = tell(kAllow, kAdminToken);
  EXPECT_EQ(late.status, 409);
  EXPECT_EQ(text_at(late, "/row/decidedBy"), "bob");
  EXPECT_EQ(text_at(late, "/row/status"), "denied");
}

TEST_F(CommandRoutes, WhatIsNotThereIs404) {
  EXPECT_EQ(tell(R"({"gateway":"nowhere","kind":"stop"})").status, 404);
  EXPECT_EQ(
      tell(R"({"gateway":"home","kind":"session.abort","target":{"sessionKey":"no"}})").status,
      404);
  EXPECT_EQ(server.get("/api/v1/commands/nothing").status, 404);
  EXPECT_EQ(server.ask("DELETE", "/api/v1/commands/nothing", kOperatorToken).status, 404);
}

// Panic names no gateway: it came back as 400.
TEST_F(CommandRoutes, AStopWithoutAGatewayIsOfTheFleet) {
  constexpr std::string_view kStop = R"({"kind":"stop","target":{}})";
  const auto told = tell(kStop, kOperatorToken, "Idempotency-Key: panic\r\n");
  ASSERT_EQ(told.status, 202) << told.body;
  EXPECT_EQ(text_at(told, "/items/0/gateway"), "home");
  EXPECT_EQ(text_at(told, "/items/0/kind"), "stop");
  EXPECT_EQ(text_at(told, "/items/1"), "nothing");
  EXPECT_EQ(text_at(told, "/refused"), "[]");
  const auto again = tell(kStop, kOperatorToken, "Idempotency-Key: panic\r\n");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(text_at(again, "/items/0/id"), text_at(told, "/items/0/id"));
}

TEST(CommandAccess, AStopThatNoGatewayTakesSaysWhy) {
  RunningServer server({.fleet = live_fleet(fleet::Access::kRead)});
  const auto told = server.ask("POST", "/api/v1/commands", kOperatorToken, R"({"kind":"stop"})");
  EXPECT_EQ(told.status, 409);
  EXPECT_THAT(told.body, HasSubstr("CONTROL_CENTER_GATEWAY_ACCESS"));
}

TEST_F(CommandRoutes, OneIsTakenBack) {
  const auto told = tell(kDeny);
  const auto back = server.ask("DELETE", told.header("location"), kOperatorToken);
  EXPECT_EQ(back.status, 200);
  EXPECT_EQ(text_at(back, "/status"), "refused");
  EXPECT_EQ(tell(kAllow).status, 202);
}

TEST_F(CommandRoutes, WhatIsSaidIsNowhere) {
  const auto told = tell(kSay);
  ASSERT_EQ(told.status, 202);
  EXPECT_THAT(told.body, Not(HasSubstr("canary")));
  EXPECT_THAT(server.get("/api/v1/commands").body, Not(HasSubstr("canary")));
  EXPECT_THAT(server.log(), Not(HasSubstr("canary")));
  for (const auto& line : server.audit.told()) EXPECT_THAT(line, Not(HasSubstr("canary")));
}

TEST_F(CommandRoutes, BothTakenAndRefusedOnesAreInTheAudit) {
  tell(kDeny);
  tell(kAllow, kAdminToken);
  EXPECT_THAT(server.audit.told(),
              Contains(HasSubstr("command ok hand 127.0.0.1 approval.decide")));
  EXPECT_THAT(server.audit.told(), Contains(HasSubstr("command refused admin")));
  EXPECT_THAT(server.audit.told(), Contains(HasSubstr(R"(approvalId=ap-1 {"decision":"deny"})")));
}

TEST_F(CommandRoutes, AnAuthorHasSoManyOpen) {
  for (std::size_t i = 0; i < kMostOpen; ++i) ASSERT_EQ(tell(kSay).status, 202) << i;
  const auto more = tell(kSay);
  EXPECT_EQ(more.status, 429);
  EXPECT_EQ(more.header("retry-after"), "1");
  EXPECT_EQ(tell(kSay, kAdminToken).status, 202);
}

TEST_F(CommandRoutes, AnEndIsWaitedFor) {
  std::jthread gateway([this] {
    std::string id;
    while (id.empty()) {
      const auto list = server.get("/api/v1/commands?status=accepted");
      if (text_at(list, "/total") == "1") id = text_at(list, "/items/0/id");
    }
    see(fleet::CommandDue{id});
    see(fleet::CommandAnswered{.id = id, .status = fleet::CommandStatus::kDone});
  });
  const auto told = tell(kDeny, kOperatorToken, "Prefer: wait=30\r\n");
  EXPECT_EQ(told.status, 200);
  EXPECT_EQ(text_at(told, "/status"), "done");
}

TEST_F(CommandRoutes, AWaitHasAnEnd) {
  const auto told = tell(kDeny, kOperatorToken, "Prefer: wait=1\r\n");
  EXPECT_EQ(told.status, 202);
  EXPECT_EQ(text_at(told, "/status"), "accepted");
}

TEST(CommandAccess, AGatewayThatIsOnlyReadIsToldNothing) {
  RunningServer server({.fleet = live_fleet(fleet::Access::kRead)});
  const auto told = server.ask("POST", "/api/v1/commands", kOperatorToken, kDeny);
  EXPECT_EQ(told.status, 409);
  EXPECT_THAT(told.body, HasSubstr("CONTROL_CENTER_GATEWAY_ACCESS"));
  EXPECT_EQ(text_at(server.get("/api/v1/approvals"), "/total"), "1");
}

TEST(CommandAccess, WhatNeedsMoreThanIsAskedForNamesTheSetting) {
  RunningServer server({.fleet = live_fleet(fleet::Access::kOperate)});
  EXPECT_EQ(server.ask("POST", "/api/v1/commands", kOperatorToken, kDeny).status, 202);
  const auto told = server.ask(
      "POST", "/api/v1/commands", kAdminToken,
      R"({"gateway":"home","kind":"session.delete","target":{"sessionKey":"agent:otto:main"}})");
  EXPECT_EQ(told.status, 409);
  EXPECT_THAT(told.body, HasSubstr("`admin`"));
}

TEST_F(CommandRoutes, ApprovalsAreListedByWhatExpiresFirst) {
  EXPECT_EQ(
      text_at(server.get("/api/v1/approvals?status=pending&sort=expiresAt"), "/items/0/command"),
      "rm -rf build");
  EXPECT_EQ(text_at(server.get("/api/v1/approvals/home/ap-1"), "/decisions"),
            R"(["allow-once","deny"])");
  EXPECT_EQ(server.get("/api/v1/cron").status, 200);
}

TEST_F(CommandRoutes, AConversationIsReadFromTheGateway) {
  constexpr std::string_view kMessages = "/api/v1/sessions/home/agent%3Aotto%3Amain/messages";
  EXPECT_EQ(server.get(kMessages, kOperatorToken).status, 503);
  EXPECT_EQ(server.get(kMessages, kViewerToken).status, 403);
  server.reads = [](const fleet::Reading& what) -> Result<std::string> {
    return R"("items":[],"before":")" + what.id + " " + what.before + R"(")";
  };
  const auto read = server.get(std::string(kMessages) + "?before=7&limit=5", kOperatorToken);
  EXPECT_EQ(read.body, R"({"items":[],"before":"agent:otto:main 7"})");
  EXPECT_EQ(server.get("/api/v1/sessions/nowhere/k/messages", kOperatorToken).status, 404);
}

TEST_F(CommandRoutes, DevicesAndModelsAreOfOneGateway) {
  server.reads = [](const fleet::Reading&) -> Result<std::string> {
    return R"("items":[],"total":0,"next":null)";
  };
  EXPECT_EQ(server.get("/api/v1/devices").status, 400);
  for (const auto* path : {"/api/v1/devices?gateway=home", "/api/v1/models?gateway=home",
                           "/api/v1/cron/home/j/runs"}) {
    const auto read = server.get(path);
    EXPECT_EQ(read.status, 200) << path;
    EXPECT_EQ(text_at(read, "/cursor"), server.cursor()) << path;
  }
  server.reads = [](const fleet::Reading&) -> Result<std::string> {
    return fail(ErrorCode::kRefused, "The gateway did not grant the right operator.pairing.");
  };
  EXPECT_EQ(server.get("/api/v1/devices?gateway=home").status, 409);
}

}  // namespace
}  // namespace cc::api
