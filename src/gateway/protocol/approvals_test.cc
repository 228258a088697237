// Approvals and questions, as real gateways told them.

#include "gateway/protocol/approvals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/recordings.h"

namespace cc::gateway::protocol {
namespace {

using fleet::ApprovalAsked;
using fleet::ApprovalKind;
using fleet::ApprovalResolved;
using fleet::ApprovalStatus;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// All of one type that a recording's events come to.
template <class What>
std::vector<What> heard_in(const std::string& scenario) {
  const int protocol = protocol_of(scenario);
  Interpreter interpreter({.gateway = "home", .dialect = dialect_of(protocol)});
  FrameParser parser;
  std::vector<What> heard;
  for (const auto& line : read_recording(scenario)) {
    if (!line.incoming || line.is_close) continue;
    const auto frame = parser.parse(line.frame);
    const auto* event = frame ? std::get_if<EventFrame>(&*frame) : nullptr;
    if (event == nullptr) continue;
    for (auto& seen : interpreter.event(*event, 1).observations) {
      if (auto* what = std::get_if<What>(&seen.what)) heard.push_back(std::move(*what));
    }
  }
  return heard;
}

TEST(Approvals, AProgramThatIsToRunIsAskedForOnEitherProtocol) {
  for (const auto* version : {"v3", "v4"}) {
    const auto asked =
        heard_in<ApprovalAsked>(std::string(version) + "/actions/approval-allow-once");
    ASSERT_EQ(asked.size(), 1U) << version;
    const auto& approval = asked.front().approval;
    EXPECT_EQ(approval.kind, ApprovalKind::kExec);
    EXPECT_EQ(approval.command, "echo approved-once");
    EXPECT_EQ(approval.agent_id, "main");
    EXPECT_EQ(approval.session_key, "agent:main:ap-once");
    EXPECT_EQ(approval.host, "gateway");
    EXPECT_THAT(approval.decisions, ElementsAre("allow-once", "deny"));
    EXPECT_EQ(*approval.expires_at - *approval.created_at, 30 * 60 * 1000);
    EXPECT_EQ(approval.run_id.has_value(), std::string_view(version) == "v4");
  }
}

TEST(Approvals, ADecisionIsHeard) {
  for (const auto* version : {"v3", "v4"}) {
    const auto ended =
        heard_in<ApprovalResolved>(std::string(version) + "/actions/approval-allow-once");
    ASSERT_FALSE(ended.empty()) << version;
    EXPECT_EQ(ended.front().status, ApprovalStatus::kAllowed);
    EXPECT_EQ(ended.front().decision, "allow-once");
    EXPECT_EQ(ended.front().by, "gateway-client");
  }
}

// Both are told of the winner, and only of that one.
TEST(Approvals, OfTwoOperatorsTheFirstDecides) {
  for (const auto& ended : heard_in<ApprovalResolved>("v4/actions/approval-race")) {
    EXPECT_EQ(ended.decision, "allow-once");
  }
}

TEST(Approvals, OneThatExpiredWasDecidedByNobody) {
  const auto ended = heard_in<ApprovalResolved>("v4/actions/approval-expiry-real");
  ASSERT_FALSE(ended.empty());
  EXPECT_EQ(ended.front().status, ApprovalStatus::kCancelled);
  EXPECT_EQ(ended.front().decision, "");
  EXPECT_EQ(ended.front().by, "");
}

// A malformed verdict denies: what is heard is the denial, whatever was meant.
TEST(Approvals, AMalformedVerdictIsADenial) {
  for (const auto& ended : heard_in<ApprovalResolved>("v4/actions/approval-malformed")) {
    EXPECT_NE(ended.status, ApprovalStatus::kAllowed);
  }
}

TEST(Approvals, APluginsIsAskedForAsWell) {
  for (const auto* version : {"v3", "v4"}) {
    const auto asked = heard_in<ApprovalAsked>(std::string(version) + "/actions/approval-plugin");
    ASSERT_FALSE(asked.empty()) << version;
    EXPECT_EQ(asked.front().approval.kind, ApprovalKind::kPlugin);
    EXPECT_EQ(asked.front().approval.title, "Send an e-mail?");
    EXPECT_EQ(asked.front().approval.command, std::nullopt);
  }
}

TEST(Questions, AreAskedForAndAnswered) {
  const auto asked = heard_in<ApprovalAsked>("v4/actions/question-answer");
  ASSERT_FALSE(asked.empty());
  const auto& question = asked.front().approval;
  EXPECT_EQ(question.kind, ApprovalKind::kQuestion);
  EXPECT_EQ(question.session_key, "agent:main:main");
  EXPECT_THAT(question.decisions, ElementsAre("answer", "cancel"));
  EXPECT_THAT(question.questions->json, HasSubstr(R"("id":"deploy_target","header":"Target")"));
  EXPECT_THAT(question.questions->json, HasSubstr(R"({"label":"Production","description":null})"));
  const auto ended = heard_in<ApprovalResolved>("v4/actions/question-answer");
  ASSERT_FALSE(ended.empty());
  EXPECT_EQ(ended.front().status, ApprovalStatus::kAnswered);
}

std::vector<fleet::ApprovalPatch> read(std::string_view list) {
  Skipped skipped;
  return read_approvals(*Parsed(list), skipped).value();
}

// Two lines that would be one word without the line end.
TEST(Approvals, ACommandIsKeptAsItWillRun) {
  const auto list = read(
      "[{\"id\":\"a\",\"request\":{\"command\":\"echo a\\nrm -rf b\\t\\u001b[2J\\u202e\","
      "\"allowedDecisions\":[\"deny\"]}}]");
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list.front().command, "echo a\nrm -rf b\t\x1b[2J\u202e");
}

// Nobody can judge what is not shown.
TEST(Approvals, ACommandThatIsTooLongCanOnlyBeDenied) {
  const auto list =
      read(R"([{"id":"a","request":{"command":")" + std::string(kMostCommandBytes - 1, 'x') +
           "\u00e9"
           R"( tail","allowedDecisions":["allow-once","deny"]}}])");
  ASSERT_EQ(list.size(), 1U);
  EXPECT_THAT(list.front().decisions, ElementsAre("deny"));
  EXPECT_EQ(list.front().command->size(), kMostCommandBytes - 1);
}

TEST(Approvals, OnlyDecisionsThatAreKnownAreOffered) {
  const auto list = read(
      R"([{"id":"a","request":{"command":"c","allowedDecisions":["allow-once","allow-root",7,"deny"]}}])");
  EXPECT_THAT(list.front().decisions, ElementsAre("allow-once", "deny"));
}

TEST(Approvals, RowsThatAreNoneCostThemselvesAlone) {
  const auto list =
      read(R"([7,{"id":""},{"id":"a"},{"id":"b","request":{"command":7}},{"request":{}}])");
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list.front().id, "b");
  EXPECT_EQ(list.front().command, std::nullopt);
}

}  // namespace
}  // namespace cc::gateway::protocol
