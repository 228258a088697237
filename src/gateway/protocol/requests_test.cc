// How commands are asked for, and what answers mean.

#include "gateway/protocol/requests.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "command/kinds.h"
#include "gateway/testing/recordings.h"

namespace cc::gateway::protocol {
namespace {

using fleet::Command;
using fleet::CommandStatus;
using ::testing::HasSubstr;

Command command_of(std::string kind, fleet::CommandTarget target, std::string params = "{}") {
  Command row;
  row.id = "00000000000000000000000001";
  row.kind = std::move(kind);
  row.target = std::move(target);
  row.params.json = std::move(params);
  return row;
}

std::string asked(const Command& command, int protocol = 4, const Surroundings& around = {}) {
  const auto ask = ask_for(command, protocol, around);
  return ask ? ask->method + " " + ask->params : ask.error().message;
}

TEST(Ask, EveryKindHasAMethod) {
  for (const auto& kind : command::kinds()) {
    for (const int protocol : {3, 4}) {
      const bool has = kind.scope_in(protocol) != command::Scope::kNone;
      EXPECT_EQ(!method_of(kind.name, protocol).empty(), has) << kind.name << protocol;
    }
  }
}

// `approval.resolve` denies what it does not understand; `exec.approval.resolve` refuses it.
TEST(Ask, ADecisionNeverUsesTheMethodThatDeniesWhatIsMalformed) {
  const auto decide = command_of("approval.decide", {"approvalId", "cfc039c7-6687"},
                                 R"({"decision":"allow-once"})");
  for (const int protocol : {3, 4}) {
    EXPECT_EQ(asked(decide, protocol),
              R"(exec.approval.resolve {"id":"cfc039c7-6687","decision":"allow-once"})");
  }
}

TEST(Ask, APluginsApprovalHasAMethodOfItsOwn) {
  EXPECT_EQ(
      asked(command_of("approval.decide", {"approvalId", "plugin:9e37"}, R"({"decision":"deny"})")),
      R"(plugin.approval.resolve {"id":"plugin:9e37","decision":"deny"})");
}

TEST(Ask, AnswersStandTwiceInAnswers) {
  auto answer = command_of("question.answer", {"approvalId", "ask_8c4d"});
  answer.letter =
      std::make_shared<const std::string>(R"({"answers":{"deploy_target":["Staging"]}})");
  EXPECT_EQ(
      asked(answer),
      R"(question.resolve {"id":"ask_8c4d","answers":{"answers":{"deploy_target":["Staging"]}}})");
}

TEST(Ask, AMessageHasTheCommandsId) {
  auto send = command_of("session.send", {"sessionKey", "agent:main:main"},
                         R"({"text":{"length":5,"sha256":"x"}})");
  send.letter = std::make_shared<const std::string>(R"({"text":"hello"})");
  EXPECT_EQ(asked(send), R"(chat.send {"sessionKey":"agent:main:main","message":"hello",)"
                         R"("idempotencyKey":"00000000000000000000000001"})");
}

// A gateway of protocol 4 stops a run of any session, whatever key stands beside it.
TEST(Ask, ARunOfAnotherSessionIsNotStopped) {
  const auto abort =
      command_of("session.abort", {"sessionKey", "agent:main:a"}, R"({"runId":"k-1"})");
  EXPECT_EQ(asked(abort, 4, {.session_of_run = "agent:main:a"}),
            R"(chat.abort {"sessionKey":"agent:main:a","runId":"k-1"})");
  EXPECT_THAT(asked(abort, 4, {.session_of_run = "agent:main:b"}), HasSubstr("another session"));
}

TEST(Ask, TheRunOfAJobIsStoppedByItsSession) {
  const auto abort = command_of("session.abort", {"sessionKey", "agent:main:cron:j:run:1"});
  EXPECT_EQ(asked(abort, 4), R"(sessions.abort {"key":"agent:main:cron:j:run:1"})");
  EXPECT_EQ(asked(abort, 3), R"(chat.abort {"sessionKey":"agent:main:cron:j:run:1"})");
}

TEST(Ask, ArchivingNamesTheGeneration) {
  const auto archive =
      command_of("session.patch", {"sessionKey", "agent:main:a"}, R"({"archived":true})");
  EXPECT_EQ(asked(archive, 4, {.session_id = "g1"}),
            R"(sessions.patch {"key":"agent:main:a","archived":true,"expectedSessionId":"g1"})");
  EXPECT_THAT(asked(archive, 4), HasSubstr("no generation"));
  EXPECT_THAT(asked(archive, 3, {.session_id = "g1"}), HasSubstr("protocol 3"));
}

// A gateway of protocol 4 does delete it, and everything of it.
TEST(Ask, TheDefaultAgentIsNotDeleted) {
  const auto remove = command_of("agent.delete", {"agentId", "main"});
  EXPECT_THAT(asked(remove, 4, {.agent_is_default = true}), HasSubstr("default agent"));
  EXPECT_EQ(asked(remove), R"(agents.delete {"agentId":"main","deleteFiles":false})");
}

TEST(Ask, AJobIsDeliveredNowhereUnlessItIsSaid) {
  EXPECT_THAT(
      asked(command_of("cron.create", {},
                       R"({"name":"n","agentId":"a","schedule":{"kind":"at"},"payload":{}})")),
      HasSubstr(R"("delivery":{"mode":"none"})"));
}

TEST(Ask, ASharedKeyIsNotAddressed) {
  EXPECT_THAT(asked(command_of("session.abort", {"sessionKey", "agent:main:global"})),
              HasSubstr("share"));
}

WireError recorded_error(const std::string& scenario, std::string_view reason) {
  FrameParser parser;
  for (const auto& line : read_recording(scenario)) {
    if (!line.incoming || line.is_close) continue;
    const auto frame = parser.parse(line.frame);
    const auto* response = frame ? std::get_if<ResponseFrame>(&*frame) : nullptr;
    if (response == nullptr || response->ok) continue;
    if (response->error.detail_reason == reason || response->error.message == reason) {
      return response->error;
    }
  }
  return {};
}

TEST(Refusal, ALostRaceIsNoFailure) {
  for (const auto* version : {"v3", "v4"}) {
    const auto error = recorded_error(std::string(version) + "/actions/approval-race",
                                      "APPROVAL_ALREADY_RESOLVED");
    const auto answered = read_refusal(error);
    EXPECT_EQ(answered.status, CommandStatus::kRefused) << version;
    EXPECT_TRUE(answered.overtaken) << version;
  }
}

TEST(Refusal, SomebodyElsesRunIsExplained) {
  const auto error = recorded_error("v4/actions/chat-abort", "unauthorized");
  ASSERT_EQ(error.message, "unauthorized");
  EXPECT_THAT(read_refusal(error).detail, HasSubstr("admin"));
}

TEST(Refusal, ABusyGatewayIsAskedAgain) {
  EXPECT_EQ(read_refusal({.code = "UNAVAILABLE", .message = "busy", .retryable = true}).status,
            CommandStatus::kAccepted);
  EXPECT_EQ(read_refusal({.code = "UNAVAILABLE", .message = "no"}).status, CommandStatus::kRefused);
}

TEST(Answer, NothingThatRanIsSaid) {
  const auto abort = command_of("session.abort", {"sessionKey", "a"});
  const auto idle = read_answer(abort, *Parsed(R"({"ok":true,"aborted":false,"runIds":[]})"));
  EXPECT_EQ(idle.status, CommandStatus::kDone);
  EXPECT_EQ(idle.detail, "Nothing ran there.");
  EXPECT_EQ(idle.result->json, R"({"aborted":false,"runIds":[]})");
}

// Within a frame that says yes.
TEST(Answer, ANoWithinAYesIsANo) {
  const auto compact = command_of("session.compact", {"sessionKey", "a"});
  const auto answered = read_answer(
      compact, *Parsed(R"({"ok":false,"compacted":false,"reason":"Already compacted"})"));
  EXPECT_EQ(answered.status, CommandStatus::kRefused);
  EXPECT_EQ(answered.detail, "Already compacted");
}

TEST(Answer, OnlyWhatMattersIsKeptAndWithinBounds) {
  const auto send = command_of("session.send", {"sessionKey", "a"});
  const auto answered = read_answer(
      send, *Parsed(R"({"runId":"k-1","status":"started","token":"secret","x":{"y":[1]}})"));
  EXPECT_EQ(answered.result->json, R"({"runId":"k-1","status":"started"})");
  const auto long_one =
      read_answer(send, *Parsed(R"({"runId":")" + std::string(5000, 'x') + R"("})"));
  EXPECT_LT(long_one.result->json.size(), 600U);
}

TEST(Answer, OneThatIsNoObjectIsAnAnswerStill) {
  EXPECT_EQ(read_answer(command_of("session.send", {}), *Parsed("[]")).status,
            CommandStatus::kDone);
}

}  // namespace
}  // namespace cc::gateway::protocol
