// Replays what real gateways said, and holds what becomes of it against what is known of each
// scenario.

#include "gateway/testing/recordings.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/protocol/interpret.h"
#include "gateway/protocol/members.h"

namespace cc::gateway::protocol {
namespace {

using fleet::RunEvent;
using Kind = RunEvent::Kind;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr TimeMs kNow = 1'795'350'000'000;

/// How often each thing was observed, or asked for, in one scenario.
using Counts = std::map<std::string, int>;

struct Replay {
  std::vector<fleet::Observation> observations;
  std::vector<Interpretation> interpretations;
  std::vector<std::string_view> skipped;
  Counts counts;

  template <class What>
  std::vector<What> all() const {
    std::vector<What> found;
    for (const auto& observation : observations) {
      if (const auto* what = std::get_if<What>(&observation.what)) found.push_back(*what);
    }
    return found;
  }

  std::vector<RunEvent> runs(Kind kind) const {
    auto found = all<RunEvent>();
    std::erase_if(found, [&](const RunEvent& run) { return run.kind != kind; });
    return found;
  }
};

std::string name_of(const RunEvent& run) {
  switch (run.kind) {
    case Kind::kStart: return "start";
    case Kind::kEnd: return run.aborted ? "end aborted" : "end";
    case Kind::kError: return run.final ? "error" : "error provisional";
    case Kind::kProgress: return "progress";
    case Kind::kWaiting: return "waiting";
    case Kind::kApproved: return "approved";
  }
  return "?";
}

struct NameOf {
  std::string operator()(const fleet::SignOfLife&) const { return "life"; }
  std::string operator()(const fleet::SessionChanged&) const { return "session"; }
  std::string operator()(const fleet::SessionDeleted&) const { return "deleted"; }
  std::string operator()(const fleet::PresenceChanged&) const { return "presence"; }
  std::string operator()(const fleet::AgentConfigured&) const { return "configured"; }
  std::string operator()(const RunEvent& run) const { return name_of(run); }
  std::string operator()(const fleet::ApprovalAsked&) const { return "asked"; }
  std::string operator()(const fleet::ApprovalResolved&) const { return "resolved"; }
  template <class Other>
  std::string operator()(const Other&) const {
    return "something else";
  }
};

void count(const Interpretation& interpretation, Counts& counts) {
  for (const auto& observation : interpretation.observations)
    ++counts[std::visit(NameOf(), observation.what)];
  if (interpretation.refetch_agents) ++counts["refetch agents"];
  if (interpretation.refetch_sessions) ++counts["refetch sessions"];
  if (interpretation.refetch_presence) ++counts["refetch presence"];
  if (interpretation.shutdown) ++counts["shutdown"];
}

Replay replay(const std::string& scenario) {
  Replay out;
  FrameParser parser;
  std::map<std::string, Interpreter> interpreters;
  for (const auto& line : read_recording(scenario)) {
    if (!line.incoming || line.is_close) continue;
    const auto frame = parser.parse(line.frame);
    EXPECT_TRUE(frame) << scenario << ": " << frame.error().message;
    if (!frame) continue;
    EXPECT_FALSE(std::holds_alternative<OtherFrame>(*frame));
    const auto* event = std::get_if<EventFrame>(&*frame);
    if (event == nullptr || event->name == "connect.challenge") continue;
    auto& interpreter = interpreters
                            .try_emplace(line.connection, Peer{.gateway = "default",
                                                               .dialect = dialect_of(scenario)})
                            .first->second;
    auto read = interpreter.event(*event, kNow);
    EXPECT_FALSE(read.observations.empty()) << scenario << ": " << event->name;
    count(read, out.counts);
    for (const auto why : read.skipped) out.skipped.push_back(why);
    for (auto& observation : read.observations) out.observations.push_back(std::move(observation));
    out.interpretations.push_back(std::move(read));
  }
  return out;
}

struct Expected {
  std::string scenario;
  Counts counts;
};

// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest's name
void PrintTo(const Expected& expected, std::ostream* out) {
  *out << expected.scenario;
}

const Expected kExpected[] = {
    Expected{"early-v4/abort",
             {{"end aborted", 2}, {"life", 1}, {"progress", 17}, {"session", 3}, {"start", 1}}},
    Expected{"early-v4/run-error",
             {{"error", 1}, {"life", 1}, {"progress", 6}, {"session", 2}, {"start", 1}}},
    Expected{"early-v4/run-timeout",
             {{"end", 1}, {"life", 2}, {"progress", 17}, {"session", 2}, {"start", 1}}},
    Expected{"v3/abort",
             {{"end aborted", 6}, {"life", 1}, {"progress", 11}, {"session", 14}, {"start", 2}}},
    Expected{"v3/agent-run",
             {{"end", 2}, {"life", 2}, {"progress", 13}, {"session", 5}, {"start", 1}}},
    Expected{"v3/agent-run-not-subscribed",
             {{"end", 2},
              {"life", 4},
              {"presence", 1},
              {"progress", 8},
              {"refetch presence", 1},
              {"start", 1}}},
    Expected{"v3/agent-run-other-subscribed",
             {{"end", 2},
              {"life", 2},
              {"presence", 1},
              {"progress", 11},
              {"refetch presence", 1},
              {"session", 5},
              {"start", 1}}},
    Expected{"v3/big-sessions-list", {{"life", 2}}},
    Expected{"v3/config-change", {{"life", 1}}},
    Expected{"v3/cron", {{"end", 2}, {"life", 6}, {"progress", 4}, {"session", 4}, {"start", 1}}},
    Expected{"v3/exec-approval",
             {{"asked", 2},
              {"approved", 4},
              {"end", 5},
              {"life", 8},
              {"presence", 5},
              {"progress", 39},
              {"refetch presence", 6},
              {"session", 18},
              {"start", 3},
              {"waiting", 2},
              {"resolved", 2}}},
    Expected{"v3/exec-approval-timeout",
             {{"asked", 1},
              {"end", 2},
              {"life", 2},
              {"presence", 2},
              {"progress", 5},
              {"refetch presence", 1}}},
    Expected{"v3/exec-approval-watcher",
             {{"asked", 1},
              {"approved", 2},
              {"end", 3},
              {"life", 5},
              {"presence", 4},
              {"progress", 24},
              {"refetch presence", 4},
              {"session", 9},
              {"start", 1},
              {"waiting", 1},
              {"resolved", 1}}},
    Expected{"v3/handshake-errors", {{"life", 6}}},
    Expected{"v3/handshake-ok", {{"life", 1}}},
    Expected{"v3/handshake-ok-device", {{"life", 4}}},
    Expected{"v3/heartbeat", {{"life", 2}, {"progress", 1}, {"session", 4}}},
    Expected{"v3/initial-sync", {}},
    Expected{"v3/missing-scope", {{"life", 2}}},
    Expected{"v3/pairing-required", {{"life", 11}, {"presence", 1}, {"refetch presence", 1}}},
    Expected{"v3/presence", {{"life", 6}, {"presence", 3}, {"refetch presence", 2}}},
    Expected{"v3/run-error",
             {{"error", 1},
              {"error provisional", 1},
              {"life", 3},
              {"progress", 2},
              {"session", 4},
              {"start", 1}}},
    Expected{
        "v3/session-mutations",
        {{"deleted", 1}, {"end", 2}, {"life", 3}, {"progress", 11}, {"session", 12}, {"start", 1}}},
    Expected{"v3/sessions-send",
             {{"end", 2},
              {"life", 2},
              {"presence", 1},
              {"progress", 11},
              {"refetch presence", 1},
              {"session", 6},
              {"start", 1}}},
    Expected{"v3/shutdown", {{"life", 2}, {"shutdown", 1}}},
    Expected{"v3/shutdown-active-run",
             {{"life", 4}, {"progress", 4}, {"session", 3}, {"shutdown", 1}, {"start", 1}}},
    Expected{"v3/subscribe-bootstrap", {{"life", 1}}},
    Expected{"v3/tick", {{"life", 4}}},
    Expected{"v4/abort",
             {{"end aborted", 2}, {"error", 2}, {"progress", 26}, {"session", 20}, {"start", 2}}},
    Expected{"v4/agent-run",
             {{"end", 1}, {"life", 1}, {"progress", 23}, {"session", 8}, {"start", 1}}},
    Expected{"v4/agent-run-not-subscribed",
             {{"end", 1}, {"life", 1}, {"progress", 19}, {"start", 1}}},
    Expected{"v4/agent-run-other-subscribed",
             {{"end", 1}, {"progress", 23}, {"session", 8}, {"start", 1}}},
    Expected{"v4/big-sessions-list", {}},
    Expected{"v4/config-change", {{"life", 12}, {"refetch agents", 4}}},
    Expected{
        "v4/cron",
        {{"deleted", 1}, {"end", 1}, {"life", 12}, {"progress", 9}, {"session", 3}, {"start", 1}}},
    Expected{"v4/exec-approval",
             {{"asked", 2},
              {"approved", 4},
              {"end", 2},
              {"life", 2},
              {"progress", 64},
              {"session", 19},
              {"start", 2},
              {"waiting", 2},
              {"resolved", 2}}},
    Expected{"v4/exec-approval-timeout",
             {{"approved", 1}, {"asked", 1}, {"life", 2}, {"resolved", 1}}},
    Expected{"v4/exec-approval-watcher",
             {{"asked", 1},
              {"approved", 2},
              {"end", 1},

              {"progress", 32},
              {"session", 9},
              {"start", 1},
              {"waiting", 1},
              {"resolved", 1}}},
    Expected{"v4/handshake-errors", {}},
    Expected{"v4/handshake-ok", {}},
    Expected{"v4/handshake-ok-device", {}},
    Expected{"v4/handshake-starting-unavailable", {}},
    Expected{"v4/heartbeat", {{"life", 3}, {"progress", 1}, {"session", 3}}},
    Expected{"v4/initial-sync", {{"life", 1}}},
    Expected{"v4/missing-scope", {}},
    Expected{"v4/pairing-required", {{"life", 12}, {"refetch sessions", 1}}},
    Expected{"v4/presence", {{"life", 4}, {"presence", 3}, {"refetch sessions", 1}}},
    Expected{"v4/run-error", {{"error", 1}, {"progress", 14}, {"session", 7}, {"start", 1}}},
    Expected{
        "v4/session-mutations",
        {{"deleted", 1}, {"end", 1}, {"life", 2}, {"progress", 23}, {"session", 13}, {"start", 1}}},
    Expected{"v4/sessions-send",
             {{"end", 1}, {"life", 1}, {"progress", 23}, {"session", 9}, {"start", 1}}},
    Expected{"v4/shutdown", {{"life", 2}, {"shutdown", 1}}},
    Expected{
        "v4/shutdown-active-run",
        {{"end", 1}, {"life", 2}, {"progress", 53}, {"session", 8}, {"shutdown", 1}, {"start", 1}}},
    Expected{"v4/subscribe-bootstrap", {}},
    Expected{"v4/tick", {{"life", 4}}}};

class Recording : public testing::TestWithParam<Expected> {};

TEST_P(Recording, MeansWhatItMeant) {
  const auto replayed = replay(GetParam().scenario);
  EXPECT_EQ(replayed.counts, GetParam().counts);
  EXPECT_THAT(replayed.skipped, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(All, Recording, testing::ValuesIn(kExpected), [](const auto& each) {
  std::string name = each.param.scenario;
  for (char& c : name) c = c == '/' || c == '-' ? '_' : c;
  return name;
});

TEST(Recordings, EveryOneIsExpected) {
  std::vector<std::string> expected;
  for (const auto& each : kExpected) expected.push_back(each.scenario);
  EXPECT_EQ(recorded_scenarios(), expected);
}

// ---- what is known of single scenarios

TEST(Recordings, ARunStartsAndEndsOnceByItsLifecycle) {
  for (const std::string scenario : {"v3/agent-run", "v4/agent-run"}) {
    const auto replayed = replay(scenario);
    const auto starts = replayed.runs(Kind::kStart);
    ASSERT_EQ(starts.size(), 1U);
    EXPECT_EQ(starts[0].session_key, "agent:otto:main");
    EXPECT_EQ(starts[0].agent_id, "otto");
    EXPECT_TRUE(starts[0].started_at);
    for (const auto& end : replayed.runs(Kind::kEnd)) {
      EXPECT_EQ(end.run_id, starts[0].run_id);
      EXPECT_FALSE(end.aborted);
    }
    EXPECT_TRUE(replayed.runs(Kind::kEnd)[0].ended_at);
  }
}

TEST(Recordings, ARowIsReadWhole) {
  const auto changes = replay("v4/agent-run").all<fleet::SessionChanged>();
  const auto end = std::find_if(changes.begin(), changes.end(),
                                [](const auto& change) { return change.phase == "end"; });
  ASSERT_NE(end, changes.end());
  const auto& row = end->row;
  EXPECT_TRUE(row.complete);
  EXPECT_EQ(row.key, "agent:otto:main");
  EXPECT_EQ(value_of(row.agent_id), "otto");
  EXPECT_EQ(value_of(row.status), "done");
  EXPECT_EQ(value_of(row.kind), "direct");
  EXPECT_EQ(value_of(row.model), "fake-smart");
  EXPECT_EQ(value_of(row.provider), "fake");
  EXPECT_EQ(value_of(row.context_tokens), 200'000);
  EXPECT_EQ(value_of(row.archived), false);
  EXPECT_EQ(row.has_active_run, false);
  EXPECT_EQ(value_of(row.active_run_ids), std::vector<std::string>());
  EXPECT_FALSE(row.title);
  EXPECT_FALSE(end->run_id.empty());
}

TEST(Recordings, Protocol3RowsNameTheAgentInTheKey) {
  for (const auto& change : replay("v3/agent-run").all<fleet::SessionChanged>()) {
    EXPECT_EQ(value_of(change.row.agent_id), "otto");
    EXPECT_EQ(value_of(change.row.channel), "webchat");
    EXPECT_TRUE(change.row.complete);
  }
}

TEST(Recordings, FlatRowsOfProtocol3AreNotComplete) {
  int flat = 0;
  for (const auto& change : replay("v3/session-mutations").all<fleet::SessionChanged>()) {
    if (change.reason.empty()) continue;
    EXPECT_FALSE(change.row.complete) << change.reason;
    ++flat;
  }
  EXPECT_EQ(flat, 7);
}

TEST(Recordings, DeletesNameTheSessionAndOnProtocol4ItsGeneration) {
  const auto v3 = replay("v3/session-mutations").all<fleet::SessionDeleted>();
  const auto v4 = replay("v4/session-mutations").all<fleet::SessionDeleted>();
  ASSERT_EQ(v3.size(), 1U);
  ASSERT_EQ(v4.size(), 1U);
  EXPECT_THAT(v3[0].key, testing::StartsWith("agent:"));
  EXPECT_FALSE(v3[0].session_id);
  EXPECT_THAT(v4[0].key, testing::StartsWith("agent:"));
  EXPECT_TRUE(v4[0].session_id);
}

TEST(Recordings, AnAbortIsAPersonsWish) {
  for (const auto& run : replay("v3/abort").runs(Kind::kEnd)) EXPECT_TRUE(run.aborted);
  const auto v4 = replay("v4/abort");
  for (const auto& run : v4.runs(Kind::kEnd)) EXPECT_TRUE(run.aborted);
  for (const auto& run : v4.runs(Kind::kError)) EXPECT_TRUE(run.aborted);
}

TEST(Recordings, AnErrorOfProtocol3IsProvisionalUntilTheChatSaysIt) {
  const auto errors = replay("v3/run-error").runs(Kind::kError);
  ASSERT_EQ(errors.size(), 2U);
  EXPECT_FALSE(errors[0].final);
  EXPECT_TRUE(errors[1].final);
  EXPECT_EQ(errors[0].run_id, errors[1].run_id);
  EXPECT_THAT(errors[0].error, testing::HasSubstr("provider rejected"));
}

TEST(Recordings, AnErrorOfProtocol4IsFinal) {
  const auto replayed = replay("v4/run-error");
  const auto errors = replayed.runs(Kind::kError);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_TRUE(errors[0].final);
  EXPECT_FALSE(errors[0].aborted);
  EXPECT_TRUE(std::any_of(
      replayed.observations.begin(), replayed.observations.end(), [](const auto& observation) {
        const auto* change = std::get_if<fleet::SessionChanged>(&observation.what);
        return change != nullptr && value_of(change->row.last_run_error).has_value();
      }));
}

TEST(Recordings, ApprovalsAreAskedForAndGivenById) {
  for (const std::string scenario : {"v3/exec-approval-watcher", "v4/exec-approval-watcher"}) {
    const auto replayed = replay(scenario);
    const auto waiting = replayed.runs(Kind::kWaiting);
    const auto approved = replayed.runs(Kind::kApproved);
    ASSERT_EQ(waiting.size(), 1U);
    ASSERT_EQ(approved.size(), 2U);  // by the run, and by the approval
    EXPECT_EQ(waiting[0].session_key, "agent:main:ops");
    EXPECT_FALSE(waiting[0].approval_id.empty());
    EXPECT_EQ(waiting[0].approval_id, approved[0].approval_id);
  }
}

TEST(Recordings, PresenceIsKeyedByTheStrongestIdThereIs) {
  const auto ids_of = [](const fleet::PresenceList& list) {
    std::vector<std::string> ids;
    for (const auto& entry : list.entries) ids.push_back(entry.id);
    return ids;
  };
  const auto v3 = replay("v3/presence").all<fleet::PresenceChanged>();
  EXPECT_THAT(ids_of(v3[0].presence),
              ElementsAre("vm/gateway", "second-1", "gateway-client/backend"));
  EXPECT_TRUE(v3[0].presence.entries[0].online);
  EXPECT_FALSE(v3[0].presence.entries[1].online);
  const auto v4 = replay("v4/presence").all<fleet::PresenceChanged>();
  ASSERT_EQ(v4[0].presence.entries.size(), 2U);
  const auto& wall = v4[0].presence.entries[1];
  EXPECT_EQ(wall.id, "721d7646bf89f60f653a5c41289a1124c96174b5ba4f3b4f5f053b973bbe4c1e");
  EXPECT_EQ(wall.host, "Wall board");
  EXPECT_EQ(wall.mode, "ui");
  EXPECT_EQ(wall.client_version, "0.1.0");
  EXPECT_THAT(wall.roles, ElementsAre("operator"));
}

TEST(Recordings, AShutdownDoesNotSayWhenTheGatewayIsBack) {
  for (const std::string scenario : {"v3/shutdown", "v4/shutdown"}) {
    const auto read = replay(scenario).interpretations.back();
    EXPECT_TRUE(read.shutdown);
    EXPECT_FALSE(read.restart_expected);
  }
}

}  // namespace
}  // namespace cc::gateway::protocol
