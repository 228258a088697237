// Every recorded scenario, from the bytes of the wire to the rows of the fleet. What the events
// made of the rows is held against the gateway's own lists in the same recording.

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fleet/merge.h"
#include "fleet/state/fleet.h"
#include "gateway/protocol/handshake.h"
#include "gateway/protocol/interpret.h"
#include "gateway/testing/recordings.h"
#include "journal/encode.h"

namespace cc {
namespace {

using namespace gateway::protocol;
using fleet::AgentStatus;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::Optional;

/// Plays one connection of a recording into a fleet, as the link would.
class Replay {
 public:
  Replay(const std::string& scenario, const std::string& connection = {})
      : protocol_(protocol_of(scenario)),
        interpreter_({.gateway = "alpha", .dialect = dialect_of(scenario)}) {
    see(fleet::GatewayConfigured{});
    see(fleet::ConnectionReport{.state = fleet::GatewayState::kLive, .protocol = protocol_});
    for (const auto& line : read_recording(scenario)) {
      if (line.connection != connection || line.is_close) continue;
      line.incoming ? incoming(line.frame) : outgoing(line.frame);
    }
  }

  /// The statuses that the agent went through, without repetitions.
  [[nodiscard]] std::vector<AgentStatus> path(const std::string& agent) const {
    const auto found = paths_.find(agent);
    return found == paths_.end() ? std::vector<AgentStatus>{} : found->second;
  }
  [[nodiscard]] const fleet::Fleet& fleet() const { return fleet_; }
  [[nodiscard]] fleet::Seen<fleet::Session> session(std::string_view key) const {
    return fleet_.find<fleet::Session>("alpha", key);
  }
  [[nodiscard]] const std::vector<std::string_view>& skipped() const { return skipped_; }
  [[nodiscard]] const std::vector<std::string>& contradictions() const { return contradictions_; }
  /// For an approval; scenarios without an agents.list have no agents that could show it.
  [[nodiscard]] bool has_waited() const { return has_waited_; }
  [[nodiscard]] int agent_refetches() const { return agent_refetches_; }
  [[nodiscard]] int lists_compared() const { return lists_compared_; }

 private:
  void outgoing(const std::string& text) {
    // Our own requests: only which method an answer belongs to.
    const Parsed parsed(text);
    std::string_view id;
    std::string_view method;
    if ((*parsed)["id"].get(id) == simdjson::SUCCESS &&
        (*parsed)["method"].get(method) == simdjson::SUCCESS) {
      methods_[std::string(id)] = method;
    }
  }

  void incoming(const std::string& text) {
    const auto frame = parser_.parse(text);
    ASSERT_TRUE(frame.has_value()) << frame.error().message;
    if (const auto* event = std::get_if<EventFrame>(&*frame)) {
      heard(*event);
    } else if (const auto* response = std::get_if<ResponseFrame>(&*frame);
               response != nullptr && response->ok) {
      answered(methods_[std::string(response->id)], response->payload);
    }
  }

  void heard(const EventFrame& event) {
    Interpretation meaning = interpreter_.event(event, ++now_);
    skipped_.insert(skipped_.end(), meaning.skipped.begin(), meaning.skipped.end());
    if (meaning.refetch_agents) ++agent_refetches_;
    for (auto& observation : meaning.observations) apply(observation);
  }

  void answered(const std::string& method, simdjson::dom::element payload) {
    if (method == "agents.list") {
      auto agents = interpreter_.agents_list(payload, skipped_);
      ASSERT_TRUE(agents.has_value());
      see(fleet::AgentsListed{*agents});
    } else if (method == "sessions.list") {
      auto page = interpreter_.sessions_list(payload, skipped_);
      ASSERT_TRUE(page.has_value());
      compare(page->list.sessions);
      see(fleet::SessionsListed{std::move(page->list)});
    } else if (method == "system-presence") {
      auto presence = interpreter_.presence(payload, skipped_);
      ASSERT_TRUE(presence.has_value());
      see(fleet::PresenceChanged{*presence});
    }
  }

  /// The gateway's list against what its events had made of the same rows.
  void compare(const std::vector<fleet::SessionPatch>& listed) {
    for (const auto& patch : listed) {
      const auto held = session(patch.key);
      if (!held || !patch.session_id || *patch.session_id != held->session_id) continue;
      ++lists_compared_;
      const auto status = patch.status.value_or(std::nullopt);
      if (held->status != status) {
        contradictions_.push_back(std::string(patch.key)
                                      .append(": events say ")
                                      .append(held->status.value_or("-"))
                                      .append(", the list ")
                                      .append(status.value_or("-")));
      }
    }
  }

  template <class What>
  void see(What what) {
    apply(
        {.gateway = "alpha", .source = fleet::Source::kWs, .at = ++now_, .what = std::move(what)});
  }

  void apply(const fleet::Observation& observation) {
    fleet::ChangeSet changes = merge(fleet_, observation);
    fleet_.apply(changes);
    fleet_.each<fleet::AgentRuns>("alpha", [&](const fleet::AgentRuns& runs) {
      has_waited_ = has_waited_ || !runs.approvals.empty();
    });
    for (const auto& row : changes.agents.upsert) {
      auto& path = paths_[row->id];
      if (path.empty() || path.back() != row->reported_status) path.push_back(row->reported_status);
    }
    if (!changes.journaled()) return;
    // What leaves the process can be read back.
    const journal::EncodedChanges encoded = journal::encode(changes, next_seq_, now_);
    next_seq_ += encoded.entries.size();
    for (const auto& entry : encoded.entries) Parsed{entry.body};
  }

  const int protocol_;
  FrameParser parser_;
  Interpreter interpreter_;
  fleet::Fleet fleet_;
  std::map<std::string, std::string> methods_;
  std::map<std::string, std::vector<AgentStatus>> paths_;
  std::vector<std::string_view> skipped_;
  std::vector<std::string> contradictions_;
  bool has_waited_ = false;
  int agent_refetches_ = 0;
  int lists_compared_ = 0;
  TimeMs now_ = 1'795'000'000'000;
  Seq next_seq_ = 1;
};

class EveryScenario : public ::testing::TestWithParam<std::string> {};

TEST_P(EveryScenario, IsUnderstoodWholeAndContradictsNoList) {
  std::set<std::string> connections;
  for (const auto& line : read_recording(GetParam())) connections.insert(line.connection);
  for (const auto& connection : connections) {
    const Replay replay(GetParam(), connection);
    EXPECT_THAT(replay.skipped(), ElementsAre()) << connection;
    EXPECT_THAT(replay.contradictions(), ElementsAre()) << connection;
    replay.fleet().each<fleet::AgentRuns>("alpha", [&](const fleet::AgentRuns& runs) {
      const bool may_run =
          GetParam().ends_with("shutdown-active-run") || GetParam().contains("approval");
      EXPECT_TRUE(may_run || runs.runs.empty()) << runs.agent_id << " never ended its run";
    });
  }
}

INSTANTIATE_TEST_SUITE_P(Recorded, EveryScenario, ::testing::ValuesIn(recorded_scenarios()),
                         [](const auto& scenario) {
                           std::string name = scenario.param;
                           for (char& c : name) {
                             if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
                           }
                           return name;
                         });

class BothProtocols : public ::testing::TestWithParam<int> {
 protected:
  [[nodiscard]] std::string scenario(const std::string& name) const {
    return "v" + std::to_string(GetParam()) + "/" + name;
  }
};
INSTANTIATE_TEST_SUITE_P(Protocol, BothProtocols, ::testing::Values(3, 4));

TEST_P(BothProtocols, ARunEndsWithItsFigures) {
  const Replay replay(scenario("agent-run"));
  const auto row = replay.session("agent:otto:main");
  ASSERT_TRUE(row.has_value());
  EXPECT_THAT(row->status, Optional(std::string("done")));
  EXPECT_EQ(row->active_runs, 0);
  EXPECT_THAT(row->output_tokens, Optional(140));
  EXPECT_THAT(row->total_tokens, Optional(2500));
  EXPECT_GT(row->cost_usd.value_or(0), 0.009);
  EXPECT_GT(replay.lists_compared(), 0);
}

TEST_P(BothProtocols, AFailedRunIsAFailedSession) {
  const Replay replay(scenario("run-error"));
  EXPECT_THAT(replay.session("agent:scout:errors")->status, Optional(std::string("failed")));
  const auto* runs = replay.fleet().find<fleet::AgentRuns>("alpha", "scout");
  ASSERT_NE(runs, nullptr);
  ASSERT_TRUE(runs->last_end.has_value());
  EXPECT_THAT(runs->last_end->error, HasSubstr("provider rejected"));
}

TEST_P(BothProtocols, AnAbortedRunIsKilled) {
  const Replay replay(scenario("abort"));
  EXPECT_THAT(replay.session("agent:scout:main")->status, Optional(std::string("killed")));
  EXPECT_THAT(replay.path("scout"), Not(Contains(AgentStatus::kError)));
}

TEST_P(BothProtocols, ADeletedSessionIsGoneAndOthersAreThere) {
  const Replay replay(scenario("session-mutations"));
  EXPECT_FALSE(replay.session("agent:main:scratch"));
  EXPECT_TRUE(replay.session("agent:ghost:main"));
}

TEST_P(BothProtocols, TheInitialSyncBringsAgentsAndSessions) {
  const Replay replay(scenario("initial-sync"));
  std::vector<std::string> agents;
  replay.fleet().each<fleet::Agent>("alpha",
                                    [&](const fleet::Agent& row) { agents.push_back(row.id); });
  EXPECT_THAT(agents, IsSupersetOf({"main", "otto", "scout"}));
  EXPECT_EQ(replay.fleet().find<fleet::Agent>("alpha", "otto")->model, "fake/fake-smart");
  EXPECT_EQ(replay.session("agent:scout:watch")->title, "Label watch");
}

TEST_P(BothProtocols, AnApprovalMakesTheAgentWaitAndThenWork) {
  const Replay replay(scenario("exec-approval"));
  const auto* runs = replay.fleet().find<fleet::AgentRuns>("alpha", "main");
  ASSERT_NE(runs, nullptr);
  EXPECT_TRUE(runs->approvals.empty());
  EXPECT_TRUE(replay.has_waited());
}

TEST(EarlyProtocol4, ARunThatTookTooLongIsAnError) {
  const Replay replay("early-v4/run-timeout");
  EXPECT_THAT(replay.session("agent:otto:main")->status, Optional(std::string("timeout")));
  EXPECT_THAT(replay.path("otto"), ElementsAre(AgentStatus::kIdle, AgentStatus::kWorking,
                                               AgentStatus::kIdle, AgentStatus::kError))
      << "the row says how it ended";
}

TEST(EarlyProtocol4, ARunThatAPersonStoppedIsNoErrorWhateverTheRowCallsIt) {
  const Replay replay("early-v4/abort");
  EXPECT_THAT(replay.path("scout"), Not(Contains(AgentStatus::kError)));
}

TEST(EarlyProtocol4, AFailedRunIsAnErrorAtOnce) {
  const Replay replay("early-v4/run-error");
  EXPECT_THAT(replay.path("scout"),
              ElementsAre(AgentStatus::kIdle, AgentStatus::kWorking, AgentStatus::kError));
}

TEST(Protocol4, TellsOfConfigurationChanges) {
  const Replay replay("v4/config-change");
  EXPECT_EQ(replay.agent_refetches(), 4);
}

TEST(BigList, IsReadWhole) {
  for (const char* scenario : {"v3/big-sessions-list", "v4/big-sessions-list"}) {
    const Replay replay(scenario);
    std::size_t sessions = 0;
    replay.fleet().each<fleet::Session>("alpha", [&](const auto&) { ++sessions; });
    EXPECT_GE(sessions, 300U) << scenario;
  }
}

}  // namespace
}  // namespace cc
