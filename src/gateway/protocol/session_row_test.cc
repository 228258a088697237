#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/protocol/rows.h"
#include "gateway/testing/recordings.h"

namespace cc::gateway::protocol {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Row {
  fleet::TextArena texts;
  fleet::SessionPatch patch;
  Skipped skipped;
};

Row read(std::string_view json, bool complete = true) {
  Row out;
  const Parsed parsed(json);
  out.patch =
      read_session(*Members::of(*parsed, out.skipped), "agent:otto:main", complete, out.texts);
  return out;
}

std::string with_members_in_front(std::size_t count, const std::string& rest) {
  std::string json = "{";
  for (std::size_t i = 0; i < count; ++i) json += "\"m" + std::to_string(i) + "\":null,";
  return json + rest + "}";
}

template <class T>
bool is_nothing(const fleet::Field<T>& field) {
  return field.has_value() && !field->has_value();
}

TEST(SessionRow, TellsNotSaidFromNothing) {
  const auto row = read(R"({"model":null,"inputTokens":null,"endedAt":null})", false).patch;
  EXPECT_TRUE(is_nothing(row.model));
  EXPECT_TRUE(is_nothing(row.input_tokens));
  EXPECT_TRUE(is_nothing(row.ended_at));
  EXPECT_FALSE(row.status);
  EXPECT_FALSE(row.output_tokens);
  EXPECT_FALSE(row.started_at);
}

// It was shown as 0 while the gateway had no figure.
TEST(SessionRow, AFigureThatTheGatewayDoesNotHaveIsNotZero) {
  const auto row = read(R"({"totalTokens":0,"inputTokens":0,"totalTokensFresh":false})").patch;
  EXPECT_TRUE(is_nothing(row.total_tokens));
  EXPECT_TRUE(is_nothing(row.input_tokens));
  EXPECT_FALSE(row.figures_are_fresh);
  EXPECT_EQ(value_of(read(R"({"totalTokens":0,"totalTokensFresh":true})").patch.total_tokens), 0);
  EXPECT_EQ(value_of(read(R"({"totalTokens":0})").patch.total_tokens), 0);
  EXPECT_EQ(value_of(read(R"({"totalTokens":9,"totalTokensFresh":false})").patch.total_tokens), 9);
}

// A run that failed was shown as free, until the list was read.
TEST(SessionRow, NothingIsFreeOfWhichNoTokensAreKnown) {
  EXPECT_TRUE(is_nothing(read(R"({"estimatedCostUsd":0,"totalTokens":0})").patch.cost_usd));
  EXPECT_EQ(value_of(read(R"({"estimatedCostUsd":0,"inputTokens":7})").patch.cost_usd), 0);
  EXPECT_EQ(value_of(read(R"({"estimatedCostUsd":0.5})").patch.cost_usd), 0.5);
}

// One agent's session overwrote and deleted the other's.
TEST(SessionRow, AKeyThatAgentsShareIsTheirOwnEach) {
  EXPECT_EQ(session_identity("global", "otto"), "agent:otto:global");
  EXPECT_EQ(session_identity("unknown", "main"), "agent:main:unknown");
  EXPECT_EQ(session_identity("global", ""), "global");
  EXPECT_EQ(session_identity("agent:otto:main", "otto"), "agent:otto:main");
  EXPECT_TRUE(is_of_shared_key("agent:otto:global"));
  EXPECT_FALSE(is_of_shared_key("agent:otto:global:x"));
}

TEST(SessionRow, TitleIsTheLabelElseTheNameElseTheDerivedOne) {
  EXPECT_EQ(value_of(read(R"({"label":"L","displayName":"N","derivedTitle":"D"})").patch.title),
            "L");
  EXPECT_EQ(value_of(read(R"({"label":null,"displayName":"N","derivedTitle":"D"})").patch.title),
            "N");
  EXPECT_EQ(value_of(read(R"({"label":"","derivedTitle":"D"})").patch.title), "D");
  EXPECT_TRUE(is_nothing(read(R"({"label":null})").patch.title));
  EXPECT_FALSE(read("{}").patch.title);
}

TEST(SessionRow, ChannelIsLookedForInThreePlaces) {
  EXPECT_EQ(value_of(read(R"({"channel":"a","lastChannel":"b"})").patch.channel), "a");
  EXPECT_EQ(value_of(read(R"({"lastChannel":"b"})").patch.channel), "b");
  EXPECT_EQ(value_of(read(R"({"deliveryContext":{"channel":"c"}})").patch.channel), "c");
  EXPECT_FALSE(read(R"({"deliveryContext":{}})").patch.channel);
}

TEST(SessionRow, ParentIsTheSpawnerElseTheParent) {
  EXPECT_EQ(value_of(read(R"({"spawnedBy":"p","parentSessionKey":"q"})").patch.parent_key), "p");
  EXPECT_EQ(value_of(read(R"({"parentSessionKey":"q"})").patch.parent_key), "q");
}

TEST(SessionRow, AgentIsSaidOrInTheKey) {
  EXPECT_EQ(value_of(read(R"({"agentId":"scout"})").patch.agent_id), "scout");
  EXPECT_EQ(value_of(read("{}").patch.agent_id), "otto");
  EXPECT_EQ(agent_of_key("agent:a:b:c"), "a");
  EXPECT_FALSE(agent_of_key("agent::b"));
  EXPECT_FALSE(agent_of_key("agent:a"));
  EXPECT_FALSE(agent_of_key("global"));
}

TEST(SessionRow, NumbersMayBeFractions) {
  const auto row =
      read(
          R"({"updatedAt":1795350000000.6,"inputTokens":12.0,"estimatedCostUsd":1,"totalTokens":0})")
          .patch;
  EXPECT_EQ(value_of(row.updated_at), 1'795'350'000'001);
  EXPECT_EQ(value_of(row.input_tokens), 12);
  EXPECT_EQ(value_of(row.cost_usd), 1.0);
  EXPECT_EQ(value_of(row.total_tokens), 0);
}

TEST(SessionRow, ATimeOfZeroIsNone) {
  EXPECT_TRUE(is_nothing(read(R"({"endedAt":0})").patch.ended_at));
}

TEST(SessionRow, AbsurdNumbersAreAsIfAbsent) {
  const auto row = read(
      R"({"updatedAt":-1,"inputTokens":1e300,"outputTokens":"7","estimatedCostUsd":-0.5,"endedAt":1e15})");
  EXPECT_FALSE(row.patch.updated_at);
  EXPECT_FALSE(row.patch.input_tokens);
  EXPECT_FALSE(row.patch.output_tokens);
  EXPECT_FALSE(row.patch.cost_usd);
  EXPECT_FALSE(row.patch.ended_at);
  EXPECT_EQ(row.skipped.size(), 5U);
}

TEST(SessionRow, TextIsCleanedAndCut) {
  const auto row = read(R"({"label":"a\u0000\u001b[31mb\u2028","status":")" +
                        std::string(200, 's') + R"(","model":")" + std::string(5000, 'm') + "\"}");
  EXPECT_EQ(value_of(row.patch.title), "a[31mb");
  EXPECT_EQ(value_of(row.patch.status)->size(), 64U);
  EXPECT_EQ(value_of(row.patch.model)->size(), kMaxTextBytes);
}

TEST(SessionRow, WrongTypesAreAsIfAbsentAndCounted) {
  const auto row = read(
      R"({"label":7,"status":{},"sessionId":[],"archived":"yes","deliveryContext":3,"activeRunIds":"x","hasActiveRun":1,
          "lastRunError":7,"spawnedBy":true})");
  EXPECT_FALSE(row.patch.title);
  EXPECT_FALSE(row.patch.status);
  EXPECT_FALSE(row.patch.session_id);
  EXPECT_FALSE(row.patch.archived);
  EXPECT_FALSE(row.patch.channel);
  EXPECT_FALSE(row.patch.active_run_ids);
  EXPECT_FALSE(row.patch.has_active_run);
  EXPECT_FALSE(row.patch.last_run_error);
  EXPECT_FALSE(row.patch.parent_key);
  EXPECT_EQ(row.skipped.size(), 9U);
}

TEST(SessionRow, ActiveRunsAreExactUnknownOrUnchanged) {
  EXPECT_THAT(*value_of(read(R"({"activeRunIds":["a","b"]})").patch.active_run_ids),
              ElementsAre("a", "b"));
  EXPECT_THAT(*value_of(read(R"({"activeRunIds":[]})").patch.active_run_ids), IsEmpty());
  EXPECT_TRUE(is_nothing(read(R"({"activeRunIds":null})").patch.active_run_ids));
  EXPECT_FALSE(read("{}").patch.active_run_ids);
  EXPECT_TRUE(is_nothing(read(R"({"activeRunIds":["a",7]})").patch.active_run_ids));
  EXPECT_EQ(read(R"({"hasActiveRun":true})").patch.has_active_run, true);
}

TEST(SessionRow, TheLastErrorIsAWordOrAnObject) {
  EXPECT_EQ(value_of(read(R"({"lastRunError":"bad"})").patch.last_run_error), "bad");
  EXPECT_EQ(value_of(read(R"({"lastRunError":{"message":"worse"}})").patch.last_run_error),
            "worse");
  EXPECT_TRUE(is_nothing(read(R"({"lastRunError":null})").patch.last_run_error));
}

TEST(Identity, IsRefusedWhereItMightBeAnother) {
  EXPECT_EQ(as_identity("agent:main:main"), "agent:main:main");
  EXPECT_EQ(as_identity("s\u00e9ance"), "s\u00e9ance");
  EXPECT_FALSE(as_identity(""));
  EXPECT_FALSE(as_identity("a\nb"));
  EXPECT_FALSE(as_identity("a\xFF"));
  EXPECT_FALSE(as_identity("a\uFFFD"));
  EXPECT_TRUE(as_identity(std::string(512, 'a')));
  EXPECT_FALSE(as_identity(std::string(513, 'a')));
}

/// Members that come later are found as well, in however large a row.
TEST(SessionRow, HasAsManyMembersAsItLikes) {
  for (const std::size_t count : {0U, 1U, 62U, 63U, 64U, 65U, 300U}) {
    const auto row = read(with_members_in_front(count, R"("model":"m","totalTokens":7)"));
    EXPECT_EQ(value_of(row.patch.model), "m") << count;
    EXPECT_EQ(value_of(row.patch.total_tokens), 7) << count;
    EXPECT_FALSE(row.patch.status) << count;
  }
}

TEST(SessionRow, TakesTheFirstOfTwoMembersOfOneName) {
  const auto row = read(R"({"model":"first","model":"second"})");
  EXPECT_EQ(value_of(row.patch.model), "first");
}

}  // namespace
}  // namespace cc::gateway::protocol
