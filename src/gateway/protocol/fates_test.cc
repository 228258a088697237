// What a gateway tells of a command whose answer was lost, as real ones answer.

#include "gateway/protocol/fates.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "gateway/testing/recordings.h"

namespace cc::gateway::protocol {
namespace {

namespace json = boost::json;
using fleet::Command;
using fleet::CommandStatus;

Command command_of(std::string kind, fleet::CommandTarget target, std::string params = "{}") {
  Command row;
  row.id = "k-9e069ae8";
  row.kind = std::move(kind);
  row.target = std::move(target);
  row.params.json = std::move(params);
  return row;
}

Command decide(std::string approval, std::string_view decision) {
  return command_of("approval.decide", {"approvalId", std::move(approval)},
                    R"({"decision":")" + std::string(decision) + R"("})");
}

Command send() {
  return command_of("session.send", {"sessionKey", "agent:main:hist"});
}

std::optional<Fate> fate_in(const Command& command, std::string_view payload) {
  const Parsed parsed(payload);
  return read_fate(command, *parsed);
}

/// The payloads of all good answers to this method, as text.
std::vector<std::string> answers_to(const std::string& scenario, std::string_view method) {
  std::string awaited;
  std::vector<std::string> all;
  for (const auto& line : read_recording(scenario)) {
    if (line.is_close) continue;
    const auto frame = json::parse(line.frame).as_object();
    if (!line.incoming && frame.at("method").as_string() == method) {
      awaited = frame.at("id").as_string();
    }
    const bool is_answer = line.incoming && frame.at("type").as_string() == "res" &&
                           frame.at("id").as_string() == awaited && frame.at("ok").as_bool();
    if (is_answer) all.push_back(json::serialize(frame.at("payload")));
  }
  return all;
}

TEST(Fate, IsAskedForWhereAGatewayCanTell) {
  const auto ask = ask_for_fate(decide("ap-1", "deny"), 4);
  ASSERT_TRUE(ask);
  EXPECT_EQ(ask->method, "approval.get");
  EXPECT_EQ(ask->params, R"({"id":"ap-1"})");
  EXPECT_EQ(ask_for_fate(send(), 4)->method, "chat.history");
  EXPECT_FALSE(ask_for_fate(decide("ap-1", "deny"), 3));
  EXPECT_FALSE(ask_for_fate(command_of("cron.run", {"jobId", "j"}), 4));
}

TEST(Fate, OfADecisionIsInTheRecordOfTheApproval) {
  const auto answers = answers_to("v4/actions/approval-allow-once", "approval.get");
  ASSERT_EQ(answers.size(), 2);
  const std::string id = "4b9f37e3-7527-4c5e-ac37-dbce683f22f0";
  EXPECT_FALSE(fate_in(decide(id, "allow-once"), answers[0])) << "it waits still";
  const auto so = fate_in(decide(id, "allow-once"), answers[1]);
  ASSERT_TRUE(so);
  EXPECT_EQ(so->answered.status, CommandStatus::kDone);
  EXPECT_EQ(so->approval->status, fleet::ApprovalStatus::kAllowed);
  EXPECT_EQ(so->approval->decision, "allow-once");
  EXPECT_EQ(so->approval->by, "") << "the name of every client is nobody's";
  EXPECT_EQ(fate_in(decide(id, "deny"), answers[1])->answered.status, CommandStatus::kRefused);
}

// An id matches by its beginning, so the answer may be about another one.
TEST(Fate, OfAnotherApprovalSettlesNothing) {
  const auto answers = answers_to("v4/actions/approval-allow-once", "approval.get");
  EXPECT_FALSE(fate_in(decide("4b9f37e3", "allow-once"), answers.back()));
}

TEST(Fate, OfAMessageIsItsKeyInTheConversation) {
  const auto answers = answers_to("v4/actions/chat-history", "chat.history");
  ASSERT_FALSE(answers.empty());
  const auto fate = fate_in(send(), answers.front());
  ASSERT_TRUE(fate);
  EXPECT_EQ(fate->answered.status, CommandStatus::kDone);
  Command other = send();
  other.id = "another";
  EXPECT_FALSE(fate_in(other, answers.front()));
}

TEST(Fate, IsNothingInAnAnswerThatIsNotUnderstood) {
  for (const auto* payload : {"[]", "{}", R"({"approval":{}})", R"({"messages":[1]})"}) {
    EXPECT_FALSE(fate_in(decide("ap-1", "deny"), payload)) << payload;
    EXPECT_FALSE(fate_in(send(), payload)) << payload;
  }
}

}  // namespace
}  // namespace cc::gateway::protocol
