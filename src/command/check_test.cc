#include "command/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "command/id.h"

namespace cc::command {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string member_at_fault(std::string_view body) {
  const auto read = read_intent(body);
  return read ? std::string() : read.error().member;
}

TEST(Intent, ADecisionIsReadWhole) {
  const auto read =
      read_intent(R"({"gateway":"home","kind":"approval.decide","target":{"approvalId":"a1"},)"
                  R"("params":{"decision":"deny"},"expect":{"version":7}})");
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(read->kind->name, "approval.decide");
  EXPECT_EQ(read->gateway, "home");
  EXPECT_EQ(read->target, kApproval);
  EXPECT_EQ(read->target_id, "a1");
  EXPECT_EQ(read->params, R"({"decision":"deny"})");
  EXPECT_EQ(read->letter, nullptr);
  EXPECT_EQ(read->expected, 7U);
}

// What people say is in no row, no journal, no log.
TEST(Intent, WhatIsSaidStandsOnlyInTheLetter) {
  const auto read = read_intent(
      R"({"gateway":"home","kind":"session.send","target":{"sessionKey":"agent:main:main"},)"
      R"("params":{"text":"the canary\nsings"}})");
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(read->params,
            R"({"text":{"length":16,"sha256":")" + sha256("the canary\nsings") + R"("}})");
  ASSERT_NE(read->letter, nullptr);
  EXPECT_EQ(*read->letter, R"({"text":"the canary\nsings"})");
}

TEST(Intent, OnlyAStopOfAllNamesNoGateway) {
  EXPECT_EQ(member_at_fault(R"({"kind":"stop"})"), "");
  EXPECT_EQ(member_at_fault(R"({"kind":"stop","target":{}})"), "");
  EXPECT_EQ(member_at_fault(R"({"kind":"stop","gateway":""})"), "gateway");
  EXPECT_EQ(member_at_fault(R"({"kind":"stop","target":{"agentId":"otto"}})"), "gateway");
  EXPECT_EQ(member_at_fault(R"({"kind":"session.create"})"), "gateway");
}

TEST(Intent, AnswersAreWordsToo) {
  const auto read =
      read_intent(R"({"gateway":"home","kind":"question.answer","target":{"approvalId":"ask_1"},)"
                  R"("params":{"answers":{"where":["canary"]}}})");
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_THAT(read->params, Not(HasSubstr("canary")));
  EXPECT_EQ(*read->letter, R"({"answers":{"where":["canary"]}})");
}

TEST(Intent, TheSameBodyInAnotherOrderHasTheSameDigest) {
  const auto one = read_intent(
      R"({"gateway":"home","kind":"session.patch","target":{"sessionKey":"k"},"params":{"label":"a","model":"m"}})");
  const auto other = read_intent(
      R"({"params":{"model":"m","label":"a"},"target":{"sessionKey":"k"},"kind":"session.patch","gateway":"home"})");
  const auto another = read_intent(
      R"({"gateway":"home","kind":"session.patch","target":{"sessionKey":"k"},"params":{"label":"b","model":"m"}})");
  ASSERT_TRUE(one && other && another);
  EXPECT_EQ(one->digest, other->digest);
  EXPECT_NE(one->digest, another->digest);
}

TEST(Intent, AnotherMessageHasAnotherDigest) {
  const auto say = [](std::string_view text) {
    return read_intent(
               R"({"gateway":"g","kind":"session.send","target":{"sessionKey":"k"},"params":{"text":")" +
               std::string(text) + R"("}})")
        ->digest;
  };
  EXPECT_NE(say("yes"), say("no"));
}

TEST(Intent, AFaultNamesItsMember) {
  EXPECT_EQ(member_at_fault("[]"), "body");
  EXPECT_EQ(member_at_fault(R"({"kind":"no.such"})"), "kind");
  EXPECT_EQ(member_at_fault(R"({"kind":"session.create"})"), "gateway");
  EXPECT_EQ(member_at_fault(R"({"kind":"stop","gateway":"g","why":1})"), "why");
  EXPECT_EQ(member_at_fault(R"({"kind":"stop","gateway":"g","target":{"jobId":"j"}})"), "target");
  EXPECT_EQ(member_at_fault(R"({"kind":"stop","gateway":"g","target":{"agentId":7}})"),
            "target.agentId");
  EXPECT_EQ(member_at_fault(R"({"kind":"stop","gateway":"g","params":{"x":1}})"), "params.x");
  EXPECT_EQ(
      member_at_fault(R"({"kind":"approval.decide","gateway":"g","target":{"approvalId":"a"}})"),
      "params.decision");
  EXPECT_EQ(member_at_fault(R"({"kind":"stop","gateway":"g","expect":{"version":"x"}})"), "expect");
  EXPECT_EQ(member_at_fault(R"({"kind":"stop","gateway":"g","gateway":"h"})"), "kind");
}

// A malformed verdict denies at a gateway of protocol 4, so none may leave here.
TEST(Intent, OnlyTheThreeDecisionsAreDecisions) {
  for (const auto* word : {"maybe", "allow", "", "allow-once deny", "ALLOW-ONCE"}) {
    const auto body =
        R"({"kind":"approval.decide","gateway":"g","target":{"approvalId":"a"},"params":{"decision":")" +
        std::string(word) + R"("}})";
    EXPECT_EQ(member_at_fault(body), "params.decision") << word;
  }
}

TEST(Intent, TextsHaveLimits) {
  const auto send = [](const std::string& text) {
    return member_at_fault(
        R"({"gateway":"g","kind":"session.send","target":{"sessionKey":"k"},"params":{"text":")" +
        text + R"("}})");
  };
  EXPECT_EQ(send(std::string(48 * 1024, 'x')), "");
  EXPECT_EQ(send(std::string(48 * 1024 + 1, 'x')), "params.text");
  EXPECT_EQ(send(R"(a\u0000b)"), "params.text");
  EXPECT_EQ(send("   "), "params.text");
  EXPECT_EQ(member_at_fault(R"({"gateway":"g","kind":"session.patch","target":{"sessionKey":"k"},)"
                            R"("params":{"label":"two\nlines"}})"),
            "params.label");
}

TEST(Intent, NullClearsWhereItMay) {
  const auto read = read_intent(
      R"({"gateway":"g","kind":"session.patch","target":{"sessionKey":"k"},"params":{"label":null}})");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->params, R"({"label":null})");
  EXPECT_EQ(member_at_fault(R"({"gateway":"g","kind":"session.abort","target":{"sessionKey":"k"},)"
                            R"("params":{"runId":null}})"),
            "params.runId");
}

}  // namespace
}  // namespace cc::command
