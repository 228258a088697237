// Commands over a real connection to a gateway that does what it is told.

#include <boost/json/serialize.hpp>

#include "gateway/testing/link_fixture.h"

namespace cc::gateway {
namespace {

using namespace std::chrono_literals;
using fleet::Command;
using fleet::CommandAnswered;
using fleet::CommandDue;
using fleet::CommandStatus;
using ::testing::HasSubstr;
using testing::Peer;
using testing::Request;

/// The link beside a store that commits at once: what is due comes back as a row that says so.
class CommanderTest : public testing::LinkFixture {
 protected:
  CommanderTest() {
    options.access = command::Access::kOperate;
    gateway->granted =
        R"(["operator.read","operator.write","operator.approvals","operator.questions"])";
    gateway->methods =
        R"(["sessions.subscribe","agents.list","sessions.list","system-presence","chat.send",)"
        R"("chat.abort","exec.approval.resolve","exec.approval.list","plugin.approval.list"])";
    gateway->on_request = [this](Peer& peer, const Request& request) {
      return answer(peer, request);
    };
  }

  void start_live() {
    start();
    ASSERT_TRUE(until([this] { return is_live() && logged("using WS"); }));
  }

  std::shared_ptr<Command> give(std::string id, std::string kind, fleet::CommandTarget target,
                                std::string params) {
    auto row = std::make_shared<Command>();
    row->id = std::move(id);
    row->gateway = "default";
    row->kind = std::move(kind);
    row->target = std::move(target);
    row->params.json = std::move(params);
    row->author = {"anna", "operator", "cli"};
    row->created_at = clock.wall();
    link->published(row);
    return row;
  }
  std::shared_ptr<Command> decide(std::string id = "c1") {
    return give(std::move(id), "approval.decide", {"approvalId", "ap-1"}, R"({"decision":"deny"})");
  }
  /// As ingest would: once it is due, the row says `sent`.
  void commit_due(const std::shared_ptr<Command>& row) {
    ASSERT_TRUE(until([&] { return is_due(row->id); }));
    auto sent = std::make_shared<Command>(*row);
    sent->status = CommandStatus::kSent;
    sent->sent_at = clock.wall();
    link->published(sent);
  }
  bool is_due(const std::string& id) {
    for (const auto* due : sink.all<CommandDue>()) {
      if (due->id == id) return true;
    }
    return false;
  }
  const CommandAnswered* answer_of(const std::string& id) {
    for (const auto* answered : sink.all<CommandAnswered>()) {
      if (answered->id == id) return answered;
    }
    return nullptr;
  }
  ::testing::AssertionResult answered(const std::string& id) {
    return until([&] { return answer_of(id) != nullptr; });
  }

  virtual bool answer(Peer& peer, const Request& request) {
    const bool lists =
        request.method == "exec.approval.list" || request.method == "plugin.approval.list";
    if (lists) {
      peer.answer(request.id, "[]");
      return true;
    }
    if (request.method != "exec.approval.resolve" && request.method != "chat.abort" &&
        request.method != "chat.send") {
      return false;
    }
    if (says) says(peer, request);
    return true;
  }

  std::function<void(Peer&, const Request&)> says = [](Peer& peer, const Request& request) {
    peer.answer(request.id, R"({"ok":true})");
  };
};

TEST_F(CommanderTest, AsksForWhatIsConfigured) {
  start_live();
  const auto& params = gateway->requests.front().params;
  EXPECT_EQ(boost::json::serialize(params.at("scopes")),
            R"(["operator.read","operator.write","operator.approvals","operator.questions"])");
  EXPECT_EQ(boost::json::serialize(params.at("caps")), R"(["exec-approvals","approvals"])");
}

TEST_F(CommanderTest, TellsWhatItCan) {
  start_live();
  EXPECT_THAT(sink.report()->can, ::testing::UnorderedElementsAre("approval.decide", "session.send",
                                                                  "session.abort", "stop"));
}

TEST_F(CommanderTest, SaysThatOthersRunsAreNotSeen) {
  start_live();
  EXPECT_THAT(detail(), HasSubstr("others started"));
  EXPECT_THAT(action(), HasSubstr("CONTROL_CENTER_GATEWAY_ACCESS"));
}

TEST_F(CommanderTest, ADecisionGoesItsWay) {
  start_live();
  commit_due(decide());
  ASSERT_TRUE(answered("c1"));
  EXPECT_EQ(answer_of("c1")->status, CommandStatus::kDone);
  EXPECT_EQ(gateway->count("exec.approval.resolve"), 1);
}

// The intent is committed before the gateway is asked: without the commit, nothing leaves.
TEST_F(CommanderTest, NothingLeavesBeforeItIsCommitted) {
  start_live();
  sink.keeps_waiting = true;
  decide();
  ASSERT_TRUE(until([this] { return is_due("c1"); }));
  idle(100ms);
  EXPECT_EQ(gateway->count("exec.approval.resolve"), 0);
}

TEST_F(CommanderTest, OneThatWasTakenBackIsNotSent) {
  start_live();
  const auto row = decide();
  ASSERT_TRUE(until([this] { return is_due("c1"); }));
  auto back = std::make_shared<Command>(*row);
  back->status = CommandStatus::kRefused;
  link->published(back);
  idle(100ms);
  EXPECT_EQ(gateway->count("exec.approval.resolve"), 0);
}

TEST_F(CommanderTest, ARefusalIsToldInTheGatewaysWords) {
  says = [](Peer& peer, const Request& request) {
    peer.refuse(
        request.id,
        R"({"code":"INVALID_REQUEST","message":"approval already resolved","details":{"reason":"APPROVAL_ALREADY_RESOLVED"}})");
  };
  start_live();
  commit_due(decide());
  ASSERT_TRUE(answered("c1"));
  EXPECT_EQ(answer_of("c1")->status, CommandStatus::kRefused);
  EXPECT_EQ(answer_of("c1")->detail, "approval already resolved");
  EXPECT_TRUE(answer_of("c1")->overtaken);
}

// Deciding the same way twice is deciding once.
TEST_F(CommanderTest, ADecisionWhoseAnswerWasLostIsRepeated) {
  says = [this](Peer& peer, const Request& request) {
    if (gateway->count("exec.approval.resolve") == 1) return peer.drop();
    peer.answer(request.id, R"({"ok":true})");
  };
  start_live();
  commit_due(decide());
  ASSERT_TRUE(answered("c1"));
  EXPECT_EQ(answer_of("c1")->status, CommandStatus::kDone);
  EXPECT_EQ(gateway->count("exec.approval.resolve"), 2);
}

// It may be gone because the first one decided it.
TEST_F(CommanderTest, WhatIsGoneAtTheSecondTimeIsNotSaidToBeRefused) {
  says = [this](Peer& peer, const Request& request) {
    if (gateway->count("exec.approval.resolve") == 1) return peer.drop();
    peer.refuse(
        request.id,
        R"({"code":"INVALID_REQUEST","message":"unknown","details":{"reason":"APPROVAL_NOT_FOUND"}})");
  };
  start_live();
  commit_due(decide());
  ASSERT_TRUE(answered("c1"));
  EXPECT_EQ(answer_of("c1")->status, CommandStatus::kUnknown);
}

// It was not there for a moment.
TEST_F(CommanderTest, ASessionThatWasMadeIsReadAtOnce) {
  gateway->methods =
      R"(["sessions.subscribe","agents.list","sessions.list","sessions.create","sessions.describe"])";
  start_live();
  gateway->on_request = [](Peer& peer, const Request& request) {
    if (request.method == "sessions.create") {
      peer.answer(request.id, R"({"ok":true,"key":"agent:otto:new"})");
    } else if (request.method == "sessions.describe") {
      peer.answer(request.id, R"({"session":{"key":"agent:otto:new"}})");
    } else {
      return false;
    }
    return true;
  };
  commit_due(give("c1", "session.create", {"agentId", "otto"}, "{}"));
  ASSERT_TRUE(answered("c1"));
  ASSERT_TRUE(until([this] { return sink.count<fleet::SessionChecked>() == 1; }));
  EXPECT_EQ(sink.all<fleet::SessionChecked>()[0]->key, "agent:otto:new");
}

// A restart of ours lost the answer; the gateway keeps a record.
TEST_F(CommanderTest, WhatBecameOfALostDecisionIsAsked) {
  start_live();
  gateway->on_request = [](Peer& peer, const Request& request) {
    if (request.method != "approval.get") return false;
    peer.answer(
        request.id,
        R"({"approval":{"id":"ap-1","status":"denied","decision":"deny","resolver":{"id":"Control Center"}}})");
    return true;
  };
  auto row = std::make_shared<Command>();
  row->id = "c1";
  row->kind = "approval.decide";
  row->target = {"approvalId", "ap-1"};
  row->params.json = R"({"decision":"deny"})";
  row->status = CommandStatus::kUnknown;
  link->published(row);
  ASSERT_TRUE(answered("c1"));
  EXPECT_EQ(answer_of("c1")->status, CommandStatus::kDone);
  ASSERT_EQ(sink.count<fleet::ApprovalResolved>(), 1);
  EXPECT_EQ(sink.all<fleet::ApprovalResolved>()[0]->by, "Control Center");
}

TEST_F(CommanderTest, AConversationIsReadOverTheConnection) {
  start_live();
  gateway->on_request = [this](Peer& peer, const Request& request) {
    if (request.method != "chat.history") return answer(peer, request);
    peer.answer(request.id, R"({"messages":[{"role":"user","content":"hi"}],"nextOffset":1})");
    return true;
  };
  std::optional<Result<std::string>> read;
  link->read({.of = fleet::Reading::Of::kMessages, .id = "agent:otto:main"},
             [&](Result<std::string> done) { read = std::move(done); });
  ASSERT_TRUE(until([&] { return read.has_value(); }));
  ASSERT_TRUE(*read) << read->error().message;
  EXPECT_THAT(**read, HasSubstr(R"("text":"hi")"));
  EXPECT_THAT(**read, HasSubstr(R"("before":"1")"));
}

TEST_F(CommanderTest, NothingIsReadFromAGatewayThatIsAway) {
  gateway->close_door();
  start();
  std::optional<Result<std::string>> read;
  link->read({.of = fleet::Reading::Of::kModels}, [&](Result<std::string> done) { read = done; });
  ASSERT_TRUE(until([&] { return read.has_value(); }));
  EXPECT_EQ(read->error().code, ErrorCode::kUnavailable);
}

TEST_F(CommanderTest, AStopOfWhateverRunsIsNotRepeated) {
  says = [](Peer& peer, const Request&) { peer.drop(); };
  start_live();
  commit_due(give("c1", "session.abort", {"sessionKey", "agent:otto:main"}, "{}"));
  ASSERT_TRUE(answered("c1"));
  EXPECT_EQ(answer_of("c1")->status, CommandStatus::kUnknown);
  ASSERT_TRUE(until([this] { return gateway->connections == 2 && is_live(); }));
  idle(50ms);
  EXPECT_EQ(gateway->count("chat.abort"), 1);
}

TEST_F(CommanderTest, AMessageIsNotRepeatedToAGatewayThatWasStartedAnew) {
  says = [](Peer& peer, const Request&) { peer.drop(); };
  start_live();
  auto row = give("c1", "session.send", {"sessionKey", "agent:otto:main"}, R"({"text":"x"})");
  commit_due(row);
  // Its hello says that it is up for a millisecond.
  ASSERT_TRUE(answered("c1"));
  EXPECT_EQ(answer_of("c1")->status, CommandStatus::kUnknown);
  EXPECT_EQ(gateway->count("chat.send"), 1);
}

TEST_F(CommanderTest, OneThatWaitsForTheGatewayIsSentWhenItIsThere) {
  gateway->close_door();
  start();
  const auto row = decide();
  idle(50ms);
  EXPECT_FALSE(is_due("c1"));
  gateway->reopen();
  commit_due(row);
  ASSERT_TRUE(answered("c1"));
  EXPECT_EQ(answer_of("c1")->status, CommandStatus::kDone);
}

TEST_F(CommanderTest, ABusyGatewayIsAskedAgainLater) {
  says = [](Peer& peer, const Request& request) {
    peer.refuse(request.id,
                R"({"code":"UNAVAILABLE","message":"The server is busy","retryable":true})");
  };
  start_live();
  commit_due(decide());
  ASSERT_TRUE(answered("c1"));
  EXPECT_EQ(answer_of("c1")->status, CommandStatus::kAccepted);
}

TEST_F(CommanderTest, WhatTheGatewayDidIsToldAgainWhereTheStoreFailed) {
  start_live();
  const auto row = decide();
  ASSERT_TRUE(until([this] { return is_due("c1"); }));
  sink.failures = 1;
  auto sent = std::make_shared<Command>(*row);
  sent->status = CommandStatus::kSent;
  link->published(sent);
  ASSERT_TRUE(until([this] { return sink.count<CommandAnswered>() == 2; }));
}

// Nothing that worked before stops because more is asked for than a person has granted yet.
TEST_F(CommanderTest, MoreRightsThatWaitForAPersonCostNothing) {
  gateway->granted = R"(["operator.read"])";
  gateway->on_request = [this](Peer& peer, const Request& request) {
    if (request.method != "connect" || request.params.at("scopes").as_array().size() == 1) {
      return answer(peer, request);
    }
    peer.refuse(
        request.id,
        R"({"code":"NOT_PAIRED","message":"pairing required","details":{"code":"PAIRING_REQUIRED","reason":"scope-upgrade","requestId":"req-7","deviceId":"d"}})");
    peer.close(1008, "pairing required");
    return true;
  };
  start_live();
  EXPECT_THAT(action(), HasSubstr("req-7"));
  EXPECT_THAT(sink.report()->can, ::testing::IsEmpty());
}

}  // namespace
}  // namespace cc::gateway
