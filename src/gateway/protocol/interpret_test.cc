#include "gateway/protocol/interpret.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/protocol/members.h"
#include "gateway/testing/recordings.h"

namespace cc::gateway::protocol {
namespace {

using fleet::RunEvent;
using Kind = RunEvent::Kind;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr TimeMs kNow = 1'795'350'000'000;

/// One connection to a gateway of this protocol.
class Connection {
 public:
  explicit Connection(int protocol, std::optional<std::int64_t> presence_version = std::nullopt,
                      std::optional<TimeMs> started_at = std::nullopt)
      : interpreter_({"default", dialect_of(protocol), presence_version, started_at}) {}

  Interpretation hear(std::string_view event, std::string_view payload,
                      std::optional<int> presence_version = std::nullopt, TimeMs at = kNow) {
    std::string text = R"({"type":"event","event":")" + std::string(event) + R"(","payload":)" +
                       std::string(payload);
    if (presence_version) {
      text +=
          R"(,"stateVersion":{"health":1,"presence":)" + std::to_string(*presence_version) + "}";
    }
    const auto frame = parser_.parse(text + "}");
    EXPECT_TRUE(frame) << text;
    return interpreter_.event(std::get<EventFrame>(*frame), at);
  }

 private:
  FrameParser parser_;
  Interpreter interpreter_;
};

template <class What>
const What& only(const Interpretation& read) {
  EXPECT_EQ(read.observations.size(), 1U);
  return std::get<What>(read.observations.at(0).what);
}

bool is_life(const Interpretation& read) {
  return read.observations.size() == 1 &&
         std::holds_alternative<fleet::SignOfLife>(read.observations[0].what);
}

TEST(Events, AreStampedWithWhoWhenAndFromWhere) {
  const auto read = Connection(4).hear("tick", R"({"ts":1})");
  ASSERT_EQ(read.observations.size(), 1U);
  EXPECT_EQ(read.observations[0].gateway, "default");
  EXPECT_EQ(read.observations[0].at, kNow);
  EXPECT_EQ(read.observations[0].source, fleet::Source::kWs);
}

TEST(Events, UnknownOnesAreASignOfLife) {
  Connection connection(4);
  for (const std::string_view name : {"tick", "cron", "task", "heartbeat", "something.new",
                                      "exec.approval.requested", "chat.metadata.changed"}) {
    const auto read = connection.hear(name, R"({"agentId":"x"})");
    EXPECT_TRUE(is_life(read)) << name;
    EXPECT_FALSE(read.refetch_agents || read.refetch_sessions || read.refetch_presence) << name;
  }
}

TEST(Events, WithoutAPayloadAreASignOfLife) {
  Connection connection(3);
  for (const std::string_view name : {"agent", "chat", "presence", "health", "sessions.changed"}) {
    EXPECT_TRUE(is_life(connection.hear(name, "null"))) << name;
    EXPECT_THAT(connection.hear(name, "[]").skipped, ElementsAre("type")) << name;
  }
}

// ---- sessions.changed

TEST(SessionsChanged, TheRowIsReadFromSessionAlone) {
  const auto read = Connection(4).hear(
      "sessions.changed",
      R"({"sessionKey":"agent:a:b","phase":"end","reason":"r","runId":"run","model":"flat","label":null,
          "session":{"key":"agent:a:b","model":"row","agentId":"a"}})");
  const auto& change = only<fleet::SessionChanged>(read);
  EXPECT_TRUE(change.row.complete);
  EXPECT_EQ(value_of(change.row.model), "row");
  EXPECT_FALSE(change.row.title);
  EXPECT_EQ(change.phase, "end");
  EXPECT_EQ(change.reason, "r");
  EXPECT_EQ(change.run_id, "run");
}

TEST(SessionsChanged, WithoutSessionThePayloadIsAPartOfTheRow) {
  const auto read = Connection(3).hear(
      "sessions.changed", R"({"sessionKey":"agent:a:b","reason":"patch","label":"L"})");
  const auto& change = only<fleet::SessionChanged>(read);
  EXPECT_FALSE(change.row.complete);
  EXPECT_EQ(value_of(change.row.title), "L");
  EXPECT_EQ(value_of(change.row.agent_id), "a");
}

TEST(SessionsChanged, ADeleteNamesTheGenerationWhereItCan) {
  Connection connection(4);
  const auto with = connection.hear("sessions.changed",
                                    R"({"sessionKey":"k","sessionId":"s","reason":"delete"})");
  EXPECT_EQ(only<fleet::SessionDeleted>(with).key, "k");
  EXPECT_EQ(only<fleet::SessionDeleted>(with).session_id, "s");
  const auto without =
      connection.hear("sessions.changed", R"({"sessionKey":"k","reason":"delete"})");
  EXPECT_FALSE(only<fleet::SessionDeleted>(without).session_id);
}

TEST(SessionsChanged, WithoutAKeySomethingChangedSomewhere) {
  Connection connection(4);
  for (const std::string_view reason : {"cron-bindings-loaded", "delete"}) {
    const auto read =
        connection.hear("sessions.changed", R"({"ts":1,"reason":")" + std::string(reason) + "\"}");
    EXPECT_TRUE(read.refetch_sessions);
    EXPECT_TRUE(is_life(read));
  }
}

TEST(SessionsChanged, TheSecondWordOfADeleteTellsNothingNew) {
  constexpr std::string_view kDelete = R"({"sessionKey":"k","sessionId":"s","reason":"delete"})";
  constexpr std::string_view kEcho = R"({"reason":"delete","ts":1})";
  Connection connection(4);
  (void)connection.hear("sessions.changed", kDelete);
  (void)connection.hear("sessions.changed", kDelete);
  EXPECT_FALSE(connection.hear("sessions.changed", kEcho).refetch_sessions);
  EXPECT_TRUE(connection.hear("sessions.changed", R"({"reason":"patch"})").refetch_sessions);
  EXPECT_FALSE(connection.hear("sessions.changed", kEcho).refetch_sessions);
  EXPECT_TRUE(connection.hear("sessions.changed", kEcho).refetch_sessions) << "a third";
  (void)connection.hear("sessions.changed", kDelete);
  const auto late = connection.hear("sessions.changed", kEcho, std::nullopt, kNow + 3000);
  EXPECT_TRUE(late.refetch_sessions) << "not of that delete";
}

TEST(SessionsChanged, AKeyThatCannotBeOneCostsTheRowAlone) {
  const auto read =
      Connection(4).hear("sessions.changed", R"({"sessionKey":"a\nb","reason":"patch"})");
  EXPECT_TRUE(is_life(read));
  EXPECT_FALSE(read.refetch_sessions);
  EXPECT_THAT(read.skipped, ElementsAre("key"));
}

TEST(SessionsChanged, AncestorsAreFurtherRows) {
  const auto read =
      Connection(4).hear("sessions.changed",
                         R"({"sessionKey":"k","phase":"start","runId":"r","session":{"key":"k"},
          "ancestorSessions":[{"key":"p","status":"running"},{"status":"x"},7]})");
  ASSERT_EQ(read.observations.size(), 2U);
  const auto& parent = std::get<fleet::SessionChanged>(read.observations[1].what);
  EXPECT_EQ(parent.row.key, "p");
  EXPECT_TRUE(parent.row.complete);
  EXPECT_THAT(parent.phase, IsEmpty());
  EXPECT_THAT(parent.run_id, IsEmpty());
  EXPECT_THAT(read.skipped, ElementsAre("key", "type"));
}

// ---- runs

std::string agent_event(std::string_view stream, std::string_view data) {
  return R"({"runId":"r","sessionKey":"agent:a:b","ts":1,"stream":")" + std::string(stream) +
         R"(","data":)" + std::string(data) + "}";
}

RunEvent hear_run(int protocol, std::string_view stream, std::string_view data) {
  return only<RunEvent>(Connection(protocol).hear("agent", agent_event(stream, data)));
}

TEST(SessionsChanged, ARunOlderThanTheGatewayIsNone) {
  const auto busy = [](int protocol, TimeMs started_at) {
    Connection gateway(protocol, std::nullopt, started_at);
    const auto read = gateway.hear(
        "sessions.changed",
        R"({"sessionKey":"agent:otto:main","status":"running","startedAt":1000,"reason":"patch"})");
    return only<fleet::SessionChanged>(read).row.has_active_run;
  };
  EXPECT_EQ(busy(3, 1001), false);
  EXPECT_EQ(busy(3, 1000), std::nullopt);
  EXPECT_EQ(busy(4, 1001), false);
}

TEST(Runs, PhasesOfTheLifecycle) {
  const auto kind = [](std::string_view phase) {
    return hear_run(4, "lifecycle", R"({"phase":")" + std::string(phase) + "\"}").kind;
  };
  EXPECT_EQ(kind("start"), Kind::kStart);
  EXPECT_EQ(kind("end"), Kind::kEnd);
  EXPECT_EQ(kind("error"), Kind::kError);
  EXPECT_EQ(kind("waiting-approval"), Kind::kWaiting);
  EXPECT_EQ(kind("approval-resolved"), Kind::kApproved);
  EXPECT_EQ(kind("finishing"), Kind::kProgress);
  EXPECT_EQ(kind("model"), Kind::kProgress);
  EXPECT_EQ(kind("something-new"), Kind::kProgress);
}

TEST(Runs, EveryOtherStreamIsProgress) {
  for (const std::string_view stream :
       {"assistant", "tool", "item", "run_status", "usage", "new"}) {
    EXPECT_EQ(hear_run(4, stream, R"({"phase":"start"})").kind, Kind::kProgress) << stream;
  }
}

TEST(Runs, WhoIsMeant) {
  const auto v3 = hear_run(3, "assistant", "{}");
  EXPECT_EQ(v3.agent_id, "a");
  EXPECT_EQ(v3.session_key, "agent:a:b");
  EXPECT_EQ(v3.run_id, "r");
  Connection v4(4);
  EXPECT_EQ(
      only<RunEvent>(v4.hear("agent", R"({"runId":"r","agentId":"x","sessionKey":"agent:a:b"})"))
          .agent_id,
      "x");
  EXPECT_FALSE(only<RunEvent>(v4.hear("agent", R"({"runId":"r"})")).agent_id);
  EXPECT_TRUE(is_life(v4.hear("agent", R"({"stream":"lifecycle","data":{"phase":"start"}})")));
}

TEST(Runs, TimesAndErrors) {
  const auto run =
      hear_run(4, "lifecycle", R"({"phase":"error","startedAt":5,"endedAt":7,"error":"bad"})");
  EXPECT_EQ(run.started_at, 5);
  EXPECT_EQ(run.ended_at, 7);
  EXPECT_EQ(run.error, "bad");
  EXPECT_TRUE(run.final);
  EXPECT_FALSE(hear_run(3, "lifecycle", R"({"phase":"error","error":"bad"})").final);
}

TEST(Runs, AbortedInAnyOfThreeWays) {
  for (const std::string_view said :
       {R"("stopReason":"rpc")", R"("status":"cancelled")", R"("stopReason":"aborted")"}) {
    EXPECT_TRUE(hear_run(4, "lifecycle", R"({"phase":"end",)" + std::string(said) + "}").aborted);
  }
  EXPECT_FALSE(hear_run(4, "lifecycle", R"({"phase":"end","stopReason":"stop"})").aborted);
}

// The agent was idle after a run that had timed out. So say it 2026.6.11 and 2026.8.1.
TEST(Runs, ARunThatTookTooLongWasNotStoppedAndIsNotDone) {
  for (const std::string_view said :
       {R"("aborted":true,"stopReason":"aborted")", R"("aborted":false)"}) {
    const auto cut_off = hear_run(
        4, "lifecycle",
        R"({"phase":"end","endedAt":7,"timeoutPhase":"provider",)" + std::string(said) + "}");
    EXPECT_EQ(cut_off.kind, Kind::kEnd) << said;
    EXPECT_FALSE(cut_off.aborted) << said;
    EXPECT_FALSE(cut_off.ended_at) << said << ": the row that follows tells how it ended";
  }
}

TEST(Runs, CutOffByNobodyAreLeftToTheRowThatFollows) {
  const auto cut_off = hear_run(
      3, "lifecycle", R"({"phase":"end","endedAt":7,"aborted":true,"livenessState":"blocked"})");
  EXPECT_EQ(cut_off.kind, Kind::kEnd);
  EXPECT_FALSE(cut_off.aborted);
  EXPECT_FALSE(cut_off.ended_at);
}

// 2026.5 and 2026.6 speak protocol 4, and ask as protocol 3 does.
TEST(Runs, ApprovalsThatComeByTheirOwnStreamOutliveTheRunWhateverTheProtocol) {
  for (const int protocol : {3, 4}) {
    const auto asked = hear_run(protocol, "approval", R"({"phase":"requested","approvalId":"x"})");
    EXPECT_EQ(asked.kind, Kind::kWaiting);
    EXPECT_EQ(asked.approval_id, "x");
    EXPECT_TRUE(asked.outlived_by_approval);
    EXPECT_EQ(asked.asked_at, 1);
    EXPECT_EQ(hear_run(protocol, "approval", R"({"phase":"resolved","approvalId":"x"})").kind,
              Kind::kApproved);
    EXPECT_EQ(hear_run(protocol, "approval", R"({"phase":"resolved"})").kind, Kind::kProgress);
  }
}

TEST(Runs, ApprovalsOfProtocol4EndWithTheRunThatAsked) {
  const auto asked = hear_run(4, "lifecycle", R"({"phase":"waiting-approval","approvalId":"x"})");
  EXPECT_EQ(asked.kind, Kind::kWaiting);
  EXPECT_FALSE(asked.outlived_by_approval);
}

TEST(SessionsChanged, ShowAStaleRunStateInMessagesOfProtocol3) {
  const auto stale = [](int protocol, const std::string& phase) {
    const auto read = Connection(protocol).hear(
        "sessions.changed", R"({"sessionKey":"k","status":"done","phase":")" + phase + "\"}");
    return only<fleet::SessionChanged>(read).run_state_is_stale;
  };
  EXPECT_TRUE(stale(3, "message"));
  EXPECT_FALSE(stale(3, "end"));
  EXPECT_FALSE(stale(4, "message"));
}

TEST(Runs, TheRunThatFollowsAnApprovalSaysThatItWasGiven) {
  const auto read = Connection(4).hear(
      "agent",
      R"({"runId":"exec-approval-followup:x","sessionKey":"agent:a:b","stream":"lifecycle","data":{"phase":"start"}})");
  ASSERT_EQ(read.observations.size(), 2U);
  const auto& approved = std::get<RunEvent>(read.observations[0].what);
  EXPECT_EQ(approved.kind, Kind::kApproved);
  EXPECT_EQ(approved.approval_id, "x");
  EXPECT_EQ(std::get<RunEvent>(read.observations[1].what).kind, Kind::kStart);
}

TEST(Runs, AFollowupOfASessionThatCannotBeNamedApprovesNothing) {
  const auto read = Connection(3).hear(
      "agent", R"({"runId":"exec-approval-followup:x","sessionKey":"agent:\u0004",
                  "stream":"lifecycle","data":{"phase":"start"}})");
  EXPECT_EQ(only<RunEvent>(read).kind, Kind::kStart);
}

RunEvent hear_chat(int protocol, std::string_view rest) {
  return only<RunEvent>(Connection(protocol).hear(
      "chat", R"({"runId":"r","sessionKey":"agent:a:b",)" + std::string(rest) + "}"));
}

TEST(Chat, EndsRunsOnProtocol3) {
  EXPECT_EQ(hear_chat(3, R"("state":"final")").kind, Kind::kEnd);
  EXPECT_FALSE(hear_chat(3, R"("state":"final")").aborted);
  EXPECT_EQ(hear_chat(3, R"("state":"aborted")").kind, Kind::kEnd);
  EXPECT_TRUE(hear_chat(3, R"("state":"aborted")").aborted);
  const auto error = hear_chat(3, R"("state":"error","errorMessage":"bad")");
  EXPECT_EQ(error.kind, Kind::kError);
  EXPECT_TRUE(error.final);
  EXPECT_EQ(error.error, "bad");
  EXPECT_EQ(hear_chat(3, R"("state":"delta")").kind, Kind::kProgress);
}

TEST(Chat, IsProgressAloneOnProtocol4) {
  for (const std::string_view state : {"delta", "status", "final", "aborted", "error"}) {
    EXPECT_EQ(hear_chat(4, R"("state":")" + std::string(state) + "\"").kind, Kind::kProgress)
        << state;
  }
}

TEST(Progress, MessagesAndToolsAreProgressOfTheirSession) {
  Connection connection(4);
  const auto message =
      only<RunEvent>(connection.hear("session.message", R"({"sessionKey":"agent:a:b"})"));
  EXPECT_EQ(message.kind, Kind::kProgress);
  EXPECT_EQ(message.session_key, "agent:a:b");
  const auto tool =
      only<RunEvent>(connection.hear("session.tool", R"({"sessionKey":"agent:a:b","runId":"r"})"));
  EXPECT_EQ(tool.run_id, "r");
}

// ---- agents and presence

TEST(AgentConfig, WithFieldsPatchesTheAgent) {
  Connection connection(4);
  const auto beside = connection.hear(
      "agent.config", R"({"agentId":"a","name":"N","model":{"primary":"m"},"emoji":null})");
  const auto& agent = only<fleet::AgentConfigured>(beside).agent;
  EXPECT_EQ(agent.id, "a");
  EXPECT_EQ(value_of(agent.name), "N");
  EXPECT_EQ(value_of(agent.model), "m");
  EXPECT_TRUE(agent.emoji && !*agent.emoji);
  EXPECT_FALSE(agent.workspace);
  EXPECT_FALSE(beside.refetch_agents);

  const auto under = connection.hear(
      "agent.config",
      R"({"agentId":"a","name":"old","config":{"name":"new","workspace":"/w","runtime":"pi","model":"m2"}})");
  const auto& inner = only<fleet::AgentConfigured>(under).agent;
  EXPECT_EQ(value_of(inner.name), "new");
  EXPECT_EQ(value_of(inner.workspace), "/w");
  EXPECT_EQ(value_of(inner.runtime), "pi");
  EXPECT_EQ(value_of(inner.model), "m2");
}

TEST(AgentConfig, WithoutFieldsAsksForTheList) {
  Connection connection(4);
  for (const std::string_view payload :
       {R"({"agentId":"a"})", R"({"agentId":"a","config":{}})", R"({"name":"N"})",
        R"({"agentId":7,"name":"N"})", R"({"agentId":"a","name":7})", "{}"}) {
    const auto read = connection.hear("agent.config", payload);
    EXPECT_TRUE(read.refetch_agents) << payload;
    EXPECT_TRUE(is_life(read)) << payload;
  }
}

TEST(ConfigChanged, AsksForTheList) {
  EXPECT_TRUE(Connection(4).hear("config.changed", R"({"hash":"h"})").refetch_agents);
  EXPECT_TRUE(Connection(4).hear("config.changed", "null").refetch_agents);
}

std::string health(std::string_view agents) {
  return R"({"ok":true,"agents":[)" + std::string(agents) + "]}";
}

TEST(Health, OfProtocol3ShowsThatAgentsChanged) {
  Connection connection(3);
  const auto main =
      health(R"({"agentId":"main","name":"Main","isDefault":true,"sessions":{"count":1}})");
  EXPECT_FALSE(connection.hear("health", main).refetch_agents);
  EXPECT_FALSE(connection.hear("health", main).refetch_agents);
  const auto busier =
      health(R"({"agentId":"main","name":"Main","isDefault":true,"sessions":{"count":9}})");
  EXPECT_FALSE(connection.hear("health", busier).refetch_agents);
  const auto renamed = health(R"({"agentId":"main","name":"Chief","isDefault":true})");
  EXPECT_TRUE(connection.hear("health", renamed).refetch_agents);
  EXPECT_FALSE(connection.hear("health", renamed).refetch_agents);
  const auto other = health(R"({"agentId":"main","name":"Chief","isDefault":false})");
  EXPECT_TRUE(connection.hear("health", other).refetch_agents);
  EXPECT_TRUE(connection.hear("health", health("")).refetch_agents);
  EXPECT_FALSE(connection.hear("health", "{}").refetch_agents);
}

TEST(Health, OfProtocol4SaysNothingOfAgents) {
  Connection connection(4);
  connection.hear("health", health(R"({"agentId":"main"})"));
  EXPECT_FALSE(connection.hear("health", health(R"({"agentId":"other"})")).refetch_agents);
}

TEST(Presence, AVersionThatMovedOnUnheardIsAskedForOnce) {
  Connection connection(3, 2);
  EXPECT_FALSE(connection.hear("health", "{}", 2).refetch_presence);
  EXPECT_TRUE(connection.hear("health", "{}", 3).refetch_presence);
  EXPECT_FALSE(connection.hear("health", "{}", 3).refetch_presence);
  connection.hear("presence", R"({"presence":[]})", 4);
  EXPECT_FALSE(connection.hear("health", "{}", 4).refetch_presence);
  EXPECT_TRUE(connection.hear("health", "{}", 6).refetch_presence);
}

TEST(Presence, OfTheSameClientTheOnlineOneStaysElseTheLatest) {
  const auto read = Connection(3).hear("presence", R"({"presence":[
      {"host":"h","mode":"cli","reason":"disconnect","ts":9},{"host":"h","mode":"cli","reason":"connect","ts":5},
      {"host":"h","mode":"cli","reason":"disconnect","ts":10},
      {"instanceId":"i","reason":"disconnect","ts":1},{"instanceId":"i","reason":"disconnect","ts":3},
      {"instanceId":"i","reason":"disconnect","ts":2},{},7]})");
  const auto& entries = only<fleet::PresenceChanged>(read).presence.entries;
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].id, "h/cli");
  EXPECT_TRUE(entries[0].online);
  EXPECT_EQ(entries[0].last_seen_at, 5);
  EXPECT_EQ(entries[1].id, "i");
  EXPECT_EQ(entries[1].last_seen_at, 3);
  EXPECT_THAT(read.skipped, ElementsAre("key", "type"));
}

TEST(Presence, AnEventWithoutAListAsksForIt) {
  const auto read = Connection(4).hear("presence", R"({"presence":{}})");
  EXPECT_TRUE(read.refetch_presence);
  EXPECT_TRUE(is_life(read));
}

TEST(Shutdown, SaysWhenTheGatewayIsExpectedBack) {
  Connection connection(4);
  const auto read = connection.hear("shutdown", R"({"reason":"restart","restartExpectedMs":1500})");
  EXPECT_TRUE(read.shutdown);
  EXPECT_EQ(read.restart_expected, Millis(1'500));
  EXPECT_FALSE(connection.hear("shutdown", R"({"restartExpectedMs":null})").restart_expected);
  EXPECT_FALSE(connection.hear("shutdown", R"({"restartExpectedMs":0})").restart_expected);
  EXPECT_EQ(connection.hear("shutdown", R"({"restartExpectedMs":9e15})").restart_expected,
            Millis(600'000));
}

// ---- lists

TEST(Lists, NamesAndEmojiMayStandInTheIdentity) {
  Interpreter interpreter({.gateway = "default", .dialect = kDialectV4});
  std::vector<std::string_view> skipped;
  const Parsed parsed(
      R"({"defaultId":"a","agents":[{"id":"a","identity":{"name":"I","emoji":"🦦"}},
          {"id":"b","name":"B","identity":{"name":"I"},"kind":"system","model":"m"},{"id":"a"},{}]})");
  const auto list = interpreter.agents_list(*parsed, skipped);
  ASSERT_TRUE(list);
  ASSERT_EQ(list->agents.size(), 2U);
  EXPECT_EQ(value_of(list->agents[0].name), "I");
  EXPECT_EQ(value_of(list->agents[0].emoji), "🦦");
  EXPECT_EQ(value_of(list->agents[1].name), "B");
  EXPECT_EQ(value_of(list->agents[1].model), "m");
  EXPECT_TRUE(list->agents[1].emoji && !*list->agents[1].emoji);
  EXPECT_EQ(list->default_id, "a");
  EXPECT_THAT(skipped, ElementsAre("key", "key"));
}

TEST(Lists, WhatIsNoListIsAnError) {
  Interpreter interpreter({.gateway = "default", .dialect = kDialectV4});
  std::vector<std::string_view> skipped;
  for (const std::string_view json :
       {"null", "[]", "{}", R"({"agents":7,"sessions":7})", "\"x\""}) {
    const Parsed parsed(json);
    EXPECT_FALSE(interpreter.agents_list(*parsed, skipped)) << json;
    EXPECT_FALSE(interpreter.sessions_list(*parsed, skipped)) << json;
  }
  const Parsed object("{}");
  EXPECT_FALSE(interpreter.presence(*object, skipped));
}

TEST(Lists, ARunOlderThanTheGatewayIsNone) {
  Interpreter interpreter({"default", kDialectV4, std::nullopt, 2000});
  const Parsed payload(R"({"sessions":[{"key":"agent:a:main","status":"running","startedAt":1999},)"
                       R"({"key":"agent:b:main","status":"running","startedAt":2000},)"
                       R"({"key":"agent:c:main","status":"done","startedAt":1000}]})");
  std::vector<std::string_view> skipped;
  const auto page = interpreter.sessions_list(*payload, skipped);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->list.sessions.at(0).has_active_run, false);
  EXPECT_FALSE(page->list.sessions.at(1).has_active_run);
  EXPECT_FALSE(page->list.sessions.at(2).has_active_run);
}

TEST(Lists, ARepeatedKeyCountsOnce) {
  Interpreter interpreter({.gateway = "default", .dialect = kDialectV4});
  std::vector<std::string_view> skipped;
  const Parsed parsed(
      R"({"sessions":[{"key":"k","label":"1"},{"key":"k","label":"2"}],"totalCount":2,"nextOffset":100})");
  const auto page = interpreter.sessions_list(*parsed, skipped);
  ASSERT_TRUE(page);
  ASSERT_EQ(page->list.sessions.size(), 1U);
  EXPECT_EQ(value_of(page->list.sessions[0].title), "1");
  EXPECT_EQ(page->total, 2);
  EXPECT_EQ(page->next_offset, 100);
}

}  // namespace
}  // namespace cc::gateway::protocol
