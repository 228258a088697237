#include "gateway/protocol/rest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/protocol/members.h"

namespace cc::gateway::protocol {
namespace {

using fleet::AgentStatus;
using testing::ElementsAre;
using testing::IsEmpty;

struct Agents {
  std::vector<fleet::AgentPatch> agents;
  std::vector<std::string_view> skipped;
};

Agents read(std::string_view body) {
  Agents out;
  auto agents = read_agents_answer(body, out.skipped);
  EXPECT_TRUE(agents) << body;
  if (agents) out.agents = std::move(*agents);
  return out;
}

std::optional<ErrorCode> error_of(std::string_view body) {
  std::vector<std::string_view> skipped;
  const auto agents = read_agents_answer(body, skipped);
  return agents ? std::nullopt : std::optional(agents.error().code);
}

TEST(AgentsAnswer, IsAnArrayOrAnObjectWithOne) {
  EXPECT_EQ(read(R"([{"id":"a"},{"id":"b"}])").agents.size(), 2U);
  EXPECT_EQ(read(R"({"agents":[{"id":"a"}],"more":1})").agents.size(), 1U);
  EXPECT_THAT(read("[]").agents, IsEmpty());
  EXPECT_THAT(read(R"({"agents":[]})").agents, IsEmpty());
}

TEST(AgentsAnswer, BringsAllThatTheContractNames) {
  const auto agents = read(
      R"([{"id":"otto","name":"Otto","status":"busy","model":"fake/smart","workspace":"/w","emoji":"🦦","lastActiveAt":1795350000000}])");
  ASSERT_EQ(agents.agents.size(), 1U);
  const auto& otto = agents.agents[0];
  EXPECT_EQ(otto.id, "otto");
  EXPECT_EQ(value_of(otto.name), "Otto");
  EXPECT_EQ(otto.status, AgentStatus::kWorking);
  EXPECT_EQ(value_of(otto.model), "fake/smart");
  EXPECT_EQ(value_of(otto.workspace), "/w");
  EXPECT_EQ(value_of(otto.emoji), "🦦");
  EXPECT_EQ(value_of(otto.last_active_at), 1'795'350'000'000);
}

TEST(AgentsAnswer, WhatIsNotSaidStaysAsItWas) {
  const auto agent = read(R"([{"id":"otto","emoji":null}])").agents.at(0);
  EXPECT_FALSE(agent.name);
  EXPECT_FALSE(agent.model);
  EXPECT_TRUE(agent.emoji);
  EXPECT_FALSE(*agent.emoji);
  EXPECT_EQ(agent.status, AgentStatus::kIdle);
}

TEST(AgentsAnswer, RowsWithoutAUsableIdAreLeftOut) {
  const auto read_rows = read(
      R"([{"id":"a"},{"name":"x"},{"id":""},{"id":7},{"id":"b\u0007"},"c",null,{"id":"a"},{"id":"d"}])");
  std::vector<std::string> ids;
  for (const auto& agent : read_rows.agents) ids.push_back(agent.id);
  EXPECT_THAT(ids, ElementsAre("a", "d"));
  EXPECT_THAT(read_rows.skipped, ElementsAre("key", "key", "key", "key", "type", "type", "key"));
}

TEST(AgentsAnswer, TwoBrokenIdsNeverBecomeOne) {
  const auto broken = read("[{\"id\":\"a\xFF\"},{\"id\":\"a\xFE\"},{\"id\":\"ok\"}]");
  ASSERT_EQ(broken.agents.size(), 1U);
  EXPECT_EQ(broken.agents[0].id, "ok");
}

TEST(AgentsAnswer, WhatIsNoListIsAnError) {
  for (const std::string_view body : {"", "<!doctype html><html></html>", "Not Found", "null", "7",
                                      R"("agents")", "{}", R"({"error":{"message":"no"}})",
                                      R"({"agents":{}})", R"({"agents":null})", R"([{"id":"a"})"}) {
    EXPECT_EQ(error_of(body), ErrorCode::kInvalid) << body;
  }
  EXPECT_EQ(error_of(std::string(200, '[') + std::string(200, ']')), ErrorCode::kTooLarge);
}

TEST(StatusWord, OursAreKept) {
  for (const auto status :
       {AgentStatus::kOffline, AgentStatus::kUnknown, AgentStatus::kWaiting, AgentStatus::kStalled,
        AgentStatus::kWorking, AgentStatus::kError, AgentStatus::kIdle}) {
    EXPECT_EQ(status_of_word(fleet::text(status)), status);
  }
}

TEST(StatusWord, OthersAreMapped) {
  EXPECT_EQ(status_of_word("online"), AgentStatus::kIdle);
  EXPECT_EQ(status_of_word("active"), AgentStatus::kWorking);
  EXPECT_EQ(status_of_word("busy"), AgentStatus::kWorking);
  EXPECT_EQ(status_of_word("running"), AgentStatus::kWorking);
  EXPECT_EQ(status_of_word("down"), AgentStatus::kOffline);
  EXPECT_EQ(status_of_word("failed"), AgentStatus::kError);
  EXPECT_EQ(status_of_word("waiting_approval"), AgentStatus::kWaiting);
  EXPECT_EQ(status_of_word(" BUSY "), AgentStatus::kWorking);
}

TEST(AgentsAnswer, SaysWhetherThereIsAnEndpoint) {
  EXPECT_TRUE(is_no_endpoint(404, R"({"error":"no"})"));
  EXPECT_TRUE(is_no_endpoint(200, "<!doctype html>"));
  EXPECT_TRUE(is_no_endpoint(200, " \n"));
  EXPECT_FALSE(is_no_endpoint(200, " [ not quite"));
  EXPECT_FALSE(is_no_endpoint(200, R"({"error":"no"})"));
  EXPECT_FALSE(is_no_endpoint(500, "<html>"));
}

TEST(StatusWord, NoneIsIdleAndAStrangeOneUnknown) {
  EXPECT_EQ(status_of_word(""), AgentStatus::kIdle);
  EXPECT_EQ(status_of_word("levitating"), AgentStatus::kUnknown);
}

constexpr std::string_view kSessionsTool =
    R"({"ok":true,"result":{"content":[{"type":"text","text":"{}"}],
  "details":{"count":4,"sessions":[
  {"key":"agent:main:main","agentId":"main","kind":"direct","channel":"webchat","label":"Ops","updatedAt":1000,
   "sessionId":"s1","model":"fake","contextTokens":200000,"totalTokens":1200,"estimatedCostUsd":0.5,"status":"done",
   "endedAt":1000},
  {"key":"agent:main:old","updatedAt":500,"status":"failed","endedAt":500},
  {"key":"agent:otto:main","agentId":"otto","updatedAt":2000,"status":"running"},
  {"key":"agent:scout:main","agentId":"scout","updatedAt":3000,"status":"failed","endedAt":3000}]}}})";

TEST(SessionsTool, BringsSessionsAndTheAgentsAmongThem) {
  std::vector<std::string_view> skipped;
  const auto answer = read_sessions_tool(kSessionsTool, skipped);
  ASSERT_TRUE(answer);
  EXPECT_THAT(skipped, IsEmpty());
  ASSERT_EQ(answer->sessions.sessions.size(), 4U);
  const auto& ops = answer->sessions.sessions[0];
  EXPECT_FALSE(ops.complete);
  EXPECT_EQ(value_of(ops.title), "Ops");
  EXPECT_EQ(value_of(ops.cost_usd), 0.5);
  EXPECT_EQ(value_of(answer->sessions.sessions[1].agent_id), "main");

  ASSERT_EQ(answer->agents.size(), 3U);
  EXPECT_EQ(answer->agents[0].id, "main");
  EXPECT_EQ(answer->agents[1].id, "otto");
  EXPECT_EQ(answer->agents[2].id, "scout");
  // Else it would take the place of what is known of their runs, at every poll.
  for (const auto& agent : answer->agents) EXPECT_FALSE(agent.status) << agent.id;
}

TEST(SessionsTool, ARefusalIsNotAnEmptyFleet) {
  std::vector<std::string_view> skipped;
  const auto code = [&](std::string_view body) {
    return read_sessions_tool(body, skipped).error().code;
  };
  EXPECT_EQ(code(R"({"error":{"message":"Unauthorized","type":"unauthorized"}})"),
            ErrorCode::kRefused);
  EXPECT_EQ(code(R"({"ok":false,"error":{"type":"not_found","message":"no"}})"),
            ErrorCode::kRefused);
  EXPECT_EQ(code(R"({"ok":true})"), ErrorCode::kInvalid);
  EXPECT_EQ(code(R"({"ok":true,"result":{"details":{"count":0}}})"), ErrorCode::kInvalid);
  EXPECT_EQ(code("<html>"), ErrorCode::kInvalid);
}

TEST(AgentsTool, BringsTheRequestingAgent) {
  std::vector<std::string_view> skipped;
  const auto agents = read_agents_tool(
      R"({"ok":true,"result":{"details":{"requester":"main","allowAny":false,"agents":[
         {"id":"main","name":"Main","configured":true,"model":"fake/fast","agentRuntime":{"id":"pi"}}]}}})",
      skipped);
  ASSERT_TRUE(agents);
  ASSERT_EQ(agents->size(), 1U);
  EXPECT_EQ(value_of(agents->at(0).name), "Main");
  EXPECT_EQ(value_of(agents->at(0).model), "fake/fast");
  EXPECT_EQ(value_of(agents->at(0).runtime), "pi");
  EXPECT_FALSE(agents->at(0).status);
}

TEST(AgentsAnswer, SaysWhatAnAnswerIsThatItCannotRead) {
  EXPECT_EQ(form_fault("", "[]"), "");
  EXPECT_EQ(form_fault("Identity", "[]"), "");
  EXPECT_EQ(form_fault("br", "x"), "in the encoding br, which was not asked for");
  EXPECT_EQ(form_fault("", "\x1F\x8B\x08"), "in the encoding gzip, without saying so");
  EXPECT_EQ(form_fault("", std::string_view("\xFF\xFE[\0", 4)), "in UTF-16, not UTF-8");
  EXPECT_EQ(form_fault("", "\xEF\xBB\xBF[]"), "");
}

TEST(AgentsAnswer, AByteOrderMarkIsNoPartOfAnAnswer) {
  std::vector<std::string_view> skipped;
  const auto agents = read_agents_answer("\xEF\xBB\xBF[{\"id\":\"main\"}]", skipped);
  ASSERT_TRUE(agents);
  EXPECT_EQ(agents->size(), 1U);
  EXPECT_FALSE(is_no_endpoint(200, "\xEF\xBB\xBF[]"));
}

}  // namespace
}  // namespace cc::gateway::protocol
