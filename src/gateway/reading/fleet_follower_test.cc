// What a connection does after its hello: sync, events, and what is read again.

#include <algorithm>

#include "gateway/testing/link_fixture.h"

namespace cc::gateway::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class FleetFollower : public LinkFixture {
 protected:
  void start_live() {
    start();
    ASSERT_TRUE(until([&] { return logged("using WS"); }));
  }
  /// Sessions of the latest answer that named all of them.
  [[nodiscard]] const fleet::SessionList* latest_sessions() const {
    const auto lists = sink.all<fleet::SessionsListed>();
    return lists.empty() ? nullptr : &lists.back()->sessions;
  }
  /// What was submitted of a sync, and the sessions that events told of.
  [[nodiscard]] std::vector<std::string> order() const {
    std::vector<std::string> order;
    for (const auto& [gateway_name, source, at, what] : sink.heard) {
      if (std::holds_alternative<fleet::FleetPart>(what)) order.emplace_back("part");
      if (std::holds_alternative<fleet::FleetSync>(what)) order.emplace_back("sync");
      if (const auto* change = std::get_if<fleet::SessionChanged>(&what)) {
        order.emplace_back(change->row.key);
      }
    }
    return order;
  }
  /// All keys that a list names.
  static std::set<fleet::IdentityPrint> named(const fleet::SessionList& list) {
    std::set<fleet::IdentityPrint> names(list.others.begin(), list.others.end());
    for (const auto& row : list.sessions) names.insert(fleet::print_of(row.key));
    return names;
  }
  static std::string changed(const std::string& key, int updated_at = 1) {
    return R"({"sessionKey":")" + key + R"(","reason":"patch","ts":1,"session":{"key":")" + key +
           R"(","kind":"direct","updatedAt":)" + std::to_string(updated_at) + "}}";
  }
};

TEST_F(FleetFollower, EventsBecomeObservations) {
  start_live();
  gateway->peer().event("sessions.changed", changed("agent:main:main"), 1);
  ASSERT_TRUE(until([&] { return sink.count<fleet::SessionChanged>() == 1; }));
  const auto& heard = sink.heard.back();
  EXPECT_EQ(heard.gateway, "default");
  EXPECT_EQ(heard.source, fleet::Source::kWs);
  EXPECT_EQ(std::get<fleet::SessionChanged>(heard.what).row.key, "agent:main:main");
}

TEST_F(FleetFollower, EventsDuringTheSyncFollowIt) {
  gateway->on_request = [&](Peer& peer, const Request& request) {
    if (request.method == "sessions.list") {
      peer.event("sessions.changed", changed("agent:main:one"), 1);
      peer.event("sessions.changed", changed("agent:main:two"), 2);
    }
    return false;
  };
  start_live();
  ASSERT_TRUE(until([&] { return sink.count<fleet::SessionChanged>() == 2; }));
  EXPECT_THAT(order(), ElementsAre("sync", "agent:main:one", "agent:main:two"));
}

// A busy fleet said more during each reading than could be kept, so it was read again, for ever.
TEST_F(FleetFollower, HoweverMuchASessionSaysDuringTheSyncItIsReadOnce) {
  constexpr int kEvents = 85'000;
  options.timing.call = 1min;
  gateway->on_request = [&](Peer& peer, const Request& request) {
    if (request.method != "sessions.list") return false;
    for (int i = 1; i <= kEvents; ++i) {
      peer.event("sessions.changed", changed("agent:main:" + std::to_string(i % 5), i), i);
    }
    return false;
  };
  start_live();
  ASSERT_TRUE(until([&] { return sink.count<fleet::SessionChanged>() > 5; }));
  const auto is_last = [](const auto* told) { return **told->row.updated_at == kEvents; };
  EXPECT_TRUE(std::ranges::any_of(sink.all<fleet::SessionChanged>(), is_last));
  gateway->peer().event("tick", R"({"ts":1})", kEvents + 1);
  ASSERT_TRUE(until([&] { return sink.count<fleet::SignOfLife>() > 0; }));
  EXPECT_EQ(gateway->count("sessions.list"), 1);
  EXPECT_FALSE(logged("reading all of the gateway again"));
}

TEST_F(FleetFollower, ReadsAllPagesOfSessions) {
  gateway->sessions.clear();
  for (int i = 0; i < 450; ++i) gateway->sessions.push_back("agent:main:" + std::to_string(i));
  start_live();
  const auto parts = sink.all<fleet::FleetPart>();
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0]->agents->agents.size(), 2U);
  EXPECT_EQ(parts[0]->sessions.sessions.size(), 200U);
  EXPECT_FALSE(parts[1]->agents);
  const auto& end = *sink.all<fleet::FleetSync>().at(0);
  EXPECT_FALSE(end.agents) << "older by now than what events may have said since";
  EXPECT_EQ(end.sessions.sessions.size(), 50U);
  EXPECT_EQ(named(end.sessions).size(), 450U);
  EXPECT_TRUE(end.sessions.complete);
  EXPECT_EQ(gateway->count("sessions.list"), 3);
}

TEST_F(FleetFollower, EventsFollowThePageTheyCameWith) {
  options.timing.pages_apart = 0ms;
  gateway->sessions.clear();
  for (int i = 0; i < 450; ++i) gateway->sessions.push_back("agent:main:" + std::to_string(i));
  gateway->on_request = [&](Peer& peer, const Request& request) {
    if (request.method != "sessions.list" || request.params.at("offset") != 200) return false;
    peer.event("sessions.changed", changed("agent:main:7"), 1);
    return false;
  };
  start_live();
  EXPECT_THAT(order(), ElementsAre("part", "part", "agent:main:7", "sync"));
}

// Each commit costs as much as many rows.
TEST_F(FleetFollower, PagesAreHandedOnTogether) {
  options.timing.pages_apart = 1h;
  gateway->sessions.clear();
  for (int i = 0; i < 750; ++i) gateway->sessions.push_back("agent:main:" + std::to_string(i));
  bool seen = false;
  gateway->on_request = [&](Peer& peer, const Request& request) {
    if (request.method != "sessions.list" || request.params.at("offset") != 600) return false;
    EXPECT_THAT(order(), ElementsAre("part")) << "what is most recent is shown at once";
    peer.event("sessions.changed", changed("agent:main:7"), 1);
    return seen = true, false;
  };
  start_live();
  EXPECT_TRUE(seen);
  EXPECT_THAT(order(), ElementsAre("part", "part", "part", "sync", "agent:main:7"));
}

// Storage that is slow must not let pages pile up in memory.
TEST_F(FleetFollower, APageWaitsForTheOneBeforeToBeStored) {
  options.timing.pages_apart = 0ms;
  gateway->sessions.clear();
  for (int i = 0; i < 950; ++i) gateway->sessions.push_back("agent:main:" + std::to_string(i));
  sink.keeps_waiting = true;
  start();
  ASSERT_TRUE(until([&] { return sink.count<fleet::FleetPart>() == 2; }));
  idle(50ms);
  EXPECT_EQ(sink.count<fleet::FleetPart>(), 2);
  EXPECT_EQ(gateway->count("sessions.list"), 2);
  sink.keeps_waiting = false;
  for (const auto& ack : std::exchange(sink.unacked, {})) ack({});
  ASSERT_TRUE(until([&] { return logged("using WS"); }));
  EXPECT_EQ(gateway->count("sessions.list"), 5);
}

TEST_F(FleetFollower, AListThatMovesIsReadOnceWhereEventsSayHow) {
  gateway->sessions.clear();
  for (int i = 0; i < 450; ++i) gateway->sessions.push_back("agent:main:" + std::to_string(i));
  bool moved = false;
  gateway->on_request = [&](Peer& peer, const Request& request) {
    if (request.method == "sessions.list" && request.params.at("offset") == 200 && !moved) {
      moved = true;
      gateway->sessions.emplace_back("agent:main:new");
      peer.event("sessions.changed", changed("agent:main:new"), 1);
      gateway->sessions.erase(gateway->sessions.begin());
      peer.event("sessions.changed", R"({"sessionKey":"agent:main:0","reason":"delete"})", 2);
    }
    return false;
  };
  start_live();
  const auto& list = sink.all<fleet::FleetSync>().at(0)->sessions;
  EXPECT_TRUE(list.complete);
  const auto names = named(list);
  EXPECT_EQ(names.size(), 450U);
  EXPECT_TRUE(names.contains(fleet::print_of("agent:main:new"))) << "it was told of";
  EXPECT_FALSE(names.contains(fleet::print_of("agent:main:0"))) << "its delete went before";
  EXPECT_EQ(gateway->count("sessions.list"), 4) << "one page was read again for what slipped";
}

// Events wait while a list is read, and a busy fleet's may never stand still.
TEST_F(FleetFollower, AListThatNeverStandsStillIsShownAsItIsAndReadAFewTimes) {
  options.timing.sessions_debounce = options.timing.sessions_spacing = 5ms;
  gateway->on_request = [&](Peer& peer, const Request& request) {
    if (request.method != "sessions.list") return false;
    peer.answer(request.id, R"({"totalCount":9,"nextOffset":null,"sessions":[]})");
    return true;
  };
  start_live();
  EXPECT_FALSE(sink.all<fleet::FleetSync>().at(0)->sessions.complete);
  EXPECT_EQ(gateway->count("sessions.list"), 1);
  ASSERT_TRUE(until([&] { return sink.count<fleet::SessionsListed>() == 2; }));
  gateway->peer().event("tick", R"({"ts":1})", 1);
  ASSERT_TRUE(until([&] { return sink.count<fleet::SignOfLife>() > 0; }));
  EXPECT_EQ(gateway->count("sessions.list"), 3);
}

/// A gateway that refuses a request for sessions with one of these members.
std::function<bool(Peer&, const Request&)> refusing(std::vector<std::string> members) {
  return [members](Peer& peer, const Request& request) {
    const auto is_there = [&](const auto& member) { return request.params.contains(member); };
    if (request.method != "sessions.list" || std::ranges::none_of(members, is_there)) return false;
    peer.refuse(request.id, R"({"code":"INVALID_REQUEST","message":"unexpected property"})");
    return true;
  };
}

TEST_F(FleetFollower, MembersThatAreRefusedAreLeftOut) {
  gateway->on_request = refusing({"archived"});
  start_live();
  EXPECT_EQ(gateway->count("sessions.list"), 2);
  EXPECT_TRUE(sink.all<fleet::FleetSync>().at(0)->sessions.complete);
}

// 2026.5.12 speaks protocol 4, knows no pages, and answers a hundred rows unless asked for more.
TEST_F(FleetFollower, AGatewayWithoutPagesIsAskedForAllInOneAnswer) {
  gateway->sessions.clear();
  for (int i = 0; i < 450; ++i) gateway->sessions.push_back("agent:main:" + std::to_string(i));
  gateway->shows_configuration = false;
  gateway->on_request = refusing({"offset", "archived"});
  start_live();
  const auto& list = sink.all<fleet::FleetSync>().at(0)->sessions;
  EXPECT_TRUE(list.complete);
  EXPECT_EQ(named(list).size(), 450U);
  EXPECT_EQ(gateway->count("sessions.list"), 2);
  EXPECT_TRUE(gateway->requests.back().params.contains("includeGlobal"));
}

TEST_F(FleetFollower, AGatewayThatKnowsNoneOfTheMembersIsLive) {
  gateway->on_request = refusing({"offset", "archived", "includeGlobal"});
  start_live();
  EXPECT_TRUE(sink.all<fleet::FleetSync>().at(0)->sessions.complete);
}

// 2026.5 and 2026.6 speak protocol 4, and say nothing when an agent is made.
TEST_F(FleetFollower, AgentsAreReadOnATimerWhereNoEventTellsThatTheConfigurationChanged) {
  gateway->shows_configuration = false;
  options.timing.agents_poll = 50ms;
  start_live();
  EXPECT_TRUE(until([&] { return sink.count<fleet::AgentsListed>() >= 2; }));
}

// The connection ended, and the same list was asked for again, for ever.
TEST_F(FleetFollower, AListOf26MiBOnProtocol3IsAskedForInFewerRows) {
  gateway = std::make_unique<ScriptedGateway>(io, 3);
  gateway->on_request = [](Peer& peer, const Request& request) {
    if (request.method != "sessions.list" || request.params.contains("limit")) return false;
    peer.answer(request.id,
                R"({"sessions":[],"pad":")" + std::string(protocol::kMaxFrameBytes, 'x') + "\"}");
    return true;
  };
  start_live();
  EXPECT_EQ(gateway->count("sessions.list"), 2);
  const auto& list = sink.all<fleet::FleetSync>().at(0)->sessions;
  EXPECT_EQ(list.sessions.size(), 2U);
  EXPECT_FALSE(list.complete) << "nothing leaves because of it";
}

std::string global_of(const std::string& agent) {
  return R"({"key":"global","agentId":")" + agent + R"(","label":")" + agent +
         R"(","updatedAt":1})";
}

// One agent's session overwrote and deleted the other's.
TEST_F(FleetFollower, TwoAgentsThatUseTheKeyGlobalHaveASessionEach) {
  gateway->on_request = [](Peer& peer, const Request& request) {
    if (request.method != "sessions.list") return false;
    peer.answer(request.id, R"({"totalCount":2,"nextOffset":null,"sessions":[)" +
                                global_of("main") + "," + global_of("otto") + "]}");
    return true;
  };
  start_live();
  const auto& list = sink.all<fleet::FleetSync>().at(0)->sessions;
  EXPECT_TRUE(list.complete);
  EXPECT_EQ(named(list),
            (std::set{fleet::print_of("agent:main:global"), fleet::print_of("agent:otto:global")}));
  gateway->peer().event("sessions.changed",
                        R"({"sessionKey":"global","agentId":"otto","reason":"delete"})", 1);
  ASSERT_TRUE(until([&] { return sink.count<fleet::SessionDeleted>() == 1; }));
  EXPECT_EQ(sink.all<fleet::SessionDeleted>().at(0)->key, "agent:otto:global");
}

TEST_F(FleetFollower, AGapIsToldAndEverythingIsReadAgain) {
  options.timing.sessions_debounce = 300ms;
  start_live();
  gateway->peer().event("tick", R"({"ts":1})", 1);
  gateway->peer().event("tick", R"({"ts":2})", 4);
  gateway->peer().event("tick", R"({"ts":3})", 9);
  ASSERT_TRUE(until([&] { return sink.count<fleet::FleetSync>() == 2; }));
  ASSERT_EQ(sink.count<fleet::GapReport>(), 1) << "one until everything was read";
  EXPECT_THAT(sink.all<fleet::GapReport>().at(0)->detail, HasSubstr("number 2"));
  EXPECT_FALSE(sink.all<fleet::FleetSync>().at(1)->initial);
  EXPECT_FALSE(sink.all<fleet::FleetSync>().at(1)->connection->reconnected);
  EXPECT_EQ(gateway->connections, 1) << "over the same connection";
  EXPECT_THAT(metrics.text(), HasSubstr("gap"));
}

TEST_F(FleetFollower, EventsWithoutNumbersAreNoGap) {
  start_live();
  gateway->peer().event("tick", R"({"ts":1})", 1);
  gateway->peer().event("sessions.changed", changed("agent:main:main"));
  gateway->peer().event("tick", R"({"ts":2})", 2);
  ASSERT_TRUE(until([&] { return sink.count<fleet::SignOfLife>() >= 2; }));
  EXPECT_EQ(sink.count<fleet::GapReport>(), 0);
}

TEST_F(FleetFollower, TenKeylessChangesAreOneReading) {
  options.timing.sessions_debounce = 300ms;
  start_live();
  const int before = gateway->count("sessions.list");
  for (int i = 1; i <= 10; ++i) {
    gateway->peer().event("sessions.changed", R"({"reason":"cron-bindings-loaded","ts":1})", i);
  }
  ASSERT_TRUE(until([&] { return latest_sessions() != nullptr; }));
  idle(150ms);
  EXPECT_EQ(gateway->count("sessions.list"), before + 1);
  EXPECT_TRUE(latest_sessions()->complete);
}

TEST_F(FleetFollower, AChangedConfigurationIsOneReadingOfTheAgents) {
  options.timing.agents_debounce = 300ms;
  start_live();
  const int before = gateway->count("agents.list");
  gateway->agents.emplace_back("scout");
  for (int i = 1; i <= 5; ++i) {
    gateway->peer().event("config.changed", R"({"path":"x","hash":"y","ts":1})", i);
  }
  ASSERT_TRUE(until([&] { return sink.count<fleet::AgentsListed>() == 1; }));
  EXPECT_EQ(sink.all<fleet::AgentsListed>().at(0)->agents.agents.size(), 3U);
  EXPECT_EQ(gateway->count("agents.list"), before + 1);
}

TEST_F(FleetFollower, ListsOfSessionsAreNeverAskedForTwiceAtATime) {
  start_live();
  int in_flight = 0;
  int most = 0;
  std::vector<std::string> ids;
  gateway->on_request = [&](Peer&, const Request& request) {
    if (request.method != "sessions.list") return false;
    most = std::max(most, ++in_flight);
    ids.push_back(request.id);
    return true;  // answered below
  };
  int seq = 0;
  for (int round = 0; round < 3; ++round) {
    gateway->peer().event("sessions.changed", R"({"reason":"cron-bindings-loaded","ts":1})", ++seq);
    gateway->peer().event("tick", "{}", seq += 5);  // a gap besides
    ASSERT_TRUE(until([&] { return !ids.empty(); }));
    idle(60ms);
    --in_flight;
    gateway->peer().answer(ids.front(), gateway->sessions_payload({}));
    ids.erase(ids.begin());
  }
  EXPECT_EQ(most, 1);
}

TEST_F(FleetFollower, EventsDuringAReadingOfSessionsFollowIt) {
  start_live();
  gateway->on_request = [&](Peer& peer, const Request& request) {
    if (request.method == "sessions.list") {
      peer.event("sessions.changed", changed("agent:main:new"), 2);
    }
    return false;
  };
  gateway->peer().event("sessions.changed", R"({"reason":"cron-bindings-loaded","ts":1})", 1);
  ASSERT_TRUE(until([&] { return sink.count<fleet::SessionChanged>() == 1; }));
  EXPECT_TRUE(std::holds_alternative<fleet::SessionChanged>(sink.heard.back().what));
  EXPECT_NE(latest_sessions(), nullptr) << "the list came first";
}

TEST_F(FleetFollower, Protocol3FiguresAreReadAfterARun) {
  gateway = std::make_unique<ScriptedGateway>(io, 3);
  start_live();
  gateway->peer().event("agent",
                        R"({"runId":"r","sessionKey":"agent:otto:main","stream":"lifecycle",)"
                        R"("data":{"phase":"end","endedAt":2},"seq":1,"ts":2})",
                        1);
  ASSERT_TRUE(until([&] { return gateway->count("sessions.list") == 2; }));
  const auto& params = gateway->requests.back().params;
  EXPECT_EQ(params.at("agentId"), "otto");
  EXPECT_EQ(params.at("limit"), 20);
  ASSERT_TRUE(until([&] { return latest_sessions() != nullptr; }));
  EXPECT_FALSE(latest_sessions()->complete);
}

constexpr const char* kWithDescribe =
    R"(["sessions.subscribe","agents.list","sessions.list","sessions.describe"])";

/// A gateway that says of any session what `row` holds beside its key.
std::function<bool(Peer&, const Request&)> describing(const std::string& row) {
  return [row](Peer& peer, const Request& request) {
    if (request.method != "sessions.describe") return false;
    const std::string key(request.params.at("key").as_string());
    peer.answer(request.id, row.empty() ? R"({"session":null})"
                                        : R"({"session":{"key":")" + key + "\"," + row + "}}");
    return true;
  };
}

TEST_F(FleetFollower, FiguresThatComeAfterTheLastEventAreRead) {
  gateway->methods = kWithDescribe;
  gateway->on_request = describing(R"("status":"done","totalTokensFresh":false)");
  start_live();
  gateway->peer().event("agent",
                        R"({"runId":"r","sessionKey":"agent:otto:main","stream":"lifecycle",)"
                        R"("data":{"phase":"end","endedAt":2},"seq":1,"ts":2})",
                        1);
  ASSERT_TRUE(until([&] { return gateway->count("sessions.describe") == 2; }));
  gateway->on_request =
      describing(R"("status":"done","inputTokens":7,"outputTokens":3,"totalTokens":10)");
  ASSERT_TRUE(until([&] {
    const auto checks = sink.all<fleet::SessionChecked>();
    return !checks.empty() && checks.back()->row->input_tokens;
  }));
  EXPECT_EQ(**sink.all<fleet::SessionChecked>().back()->row->output_tokens, 3);
  EXPECT_EQ(gateway->count("sessions.list"), 1);
}

TEST_F(FleetFollower, ASessionThatIsDoubtedIsReadAloneAndMayBeGone) {
  gateway->methods = kWithDescribe;
  gateway->on_request = describing("");
  start_live();
  for (int i = 0; i < 5; ++i) link->request_check("agent:otto:main");
  ASSERT_TRUE(until([&] { return sink.count<fleet::SessionChecked>() == 1; }));
  EXPECT_FALSE(sink.all<fleet::SessionChecked>().back()->row);
  EXPECT_EQ(gateway->count("sessions.describe"), 1);
}

TEST_F(FleetFollower, AnAnswerThatAnEventHasOvertakenDoesNotCount) {
  gateway->methods = kWithDescribe;
  bool first = true;
  const auto describe = describing(R"("status":"running")");
  gateway->on_request = [&](Peer& peer, const Request& request) {
    if (request.method == "sessions.describe" && std::exchange(first, false)) {
      peer.event("sessions.changed", changed("agent:otto:main"), 1);
    }
    return describe(peer, request);
  };
  start_live();
  link->request_check("agent:otto:main");
  ASSERT_TRUE(until([&] { return sink.count<fleet::SessionChecked>() == 1; }));
  EXPECT_EQ(gateway->count("sessions.describe"), 2);
}

TEST_F(FleetFollower, ManyDoubtedSessionsAreOneReading) {
  gateway->methods = kWithDescribe;
  start_live();
  for (int i = 0; i < 30; ++i) link->request_check("agent:otto:" + std::to_string(i));
  ASSERT_TRUE(until([&] { return gateway->count("sessions.list") == 2; }));
  ASSERT_TRUE(until([&] { return sink.count<fleet::SessionChecked>() == 30; }));
  EXPECT_EQ(gateway->count("sessions.describe"), 0);
}

TEST_F(FleetFollower, WhatLeftWithoutAnEventLeavesWhenItIsQuiet) {
  options.timing.review_after_quiet = 50ms;
  start_live();
  gateway->sessions.pop_back();
  gateway->peer().event("sessions.changed", changed("agent:main:main"), 1);
  ASSERT_TRUE(until([&] { return sink.count<fleet::FleetSync>() == 2; }));
  EXPECT_TRUE(sink.all<fleet::FleetSync>().back()->sessions.complete);
  idle(200ms);
  EXPECT_EQ(sink.count<fleet::FleetSync>(), 2) << "once, not again and again";
}

TEST_F(FleetFollower, WhatLeftWithoutAnyEventLeavesInTheEnd) {
  options.timing.review_apart = 50ms;
  start_live();
  gateway->sessions.pop_back();
  ASSERT_TRUE(until([&] { return sink.count<fleet::FleetSync>() >= 2; }));
  EXPECT_TRUE(sink.all<fleet::FleetSync>().back()->sessions.complete);
}

TEST_F(FleetFollower, Protocol3AgentsAreReadOnATimer) {
  gateway = std::make_unique<ScriptedGateway>(io, 3);
  options.timing.agents_poll = 50ms;
  start_live();
  EXPECT_TRUE(until([&] { return sink.count<fleet::AgentsListed>() >= 2; }));
  EXPECT_EQ(gateway->count("sessions.list"), 1) << "never the sessions";
}

TEST_F(FleetFollower, AGatewayWithoutSubscriptionsIsPolled) {
  gateway->methods = R"(["agents.list","sessions.list"])";
  options.timing.slow_poll = 50ms;
  start_live();
  EXPECT_TRUE(until([&] { return sink.count<fleet::SessionsListed>() >= 2; }));
  EXPECT_EQ(gateway->count("sessions.subscribe"), 0);
  EXPECT_EQ(gateway->count("system-presence"), 0);
}

TEST_F(FleetFollower, AgentsOfAGatewayThatCannotListThemAreThoseOfItsSessions) {
  gateway->methods = R"(["sessions.subscribe","sessions.list"])";
  start_live();
  EXPECT_EQ(sink.all<fleet::FleetSync>().at(0)->agents->agents.size(), 2U);
  EXPECT_EQ(gateway->count("agents.list"), 0);
}

TEST_F(FleetFollower, ASyncThatCannotBeStoredIsTriedAgainOverTheSameConnection) {
  sink.failures = 2;
  start();
  ASSERT_TRUE(until([&] { return logged("using WS"); }));
  EXPECT_EQ(sink.count<fleet::FleetSync>(), 3);
  EXPECT_TRUE(sink.all<fleet::FleetSync>().at(2)->initial);
  EXPECT_EQ(gateway->connections, 1);
}

TEST_F(FleetFollower, WhatIsAsItWasIsNotReadAgain) {
  start_live();
  gateway->labels["agent:otto:main"] = "another";
  gateway->peer().drop();
  ASSERT_TRUE(until([&] { return sink.count<fleet::FleetSync>() == 2; }));
  const auto& again = sink.all<fleet::FleetSync>().at(1)->sessions;
  EXPECT_TRUE(again.complete);
  ASSERT_EQ(again.sessions.size(), 1U);
  EXPECT_EQ(again.sessions[0].key, "agent:otto:main");
  EXPECT_THAT(again.unchanged, ElementsAre(fleet::print_of("agent:main:main")));
  EXPECT_EQ(named(again).size(), 2U);
}

TEST_F(FleetFollower, WhatAnEventSpokeOfIsReadAgain) {
  start_live();
  gateway->peer().event("sessions.changed", changed("agent:main:main"), 1);
  ASSERT_TRUE(until([&] { return sink.count<fleet::SessionChanged>() == 1; }));
  gateway->peer().drop();
  ASSERT_TRUE(until([&] { return sink.count<fleet::FleetSync>() == 2; }));
  const auto& again = sink.all<fleet::FleetSync>().at(1)->sessions;
  ASSERT_EQ(again.sessions.size(), 1U);
  EXPECT_EQ(again.sessions[0].key, "agent:main:main");
}

TEST_F(FleetFollower, AllIsReadAgainWhereSomethingMayBeLost) {
  start_live();
  link->request_resync("overload");
  ASSERT_TRUE(until([&] { return sink.count<fleet::FleetSync>() == 2; }));
  EXPECT_EQ(sink.all<fleet::FleetSync>().at(1)->sessions.sessions.size(), 2U) << "lost here";
  sink.failures = 1;
  gateway->peer().drop();
  ASSERT_TRUE(until([&] { return sink.count<fleet::FleetSync>() == 4; }));
  EXPECT_EQ(sink.all<fleet::FleetSync>().at(2)->sessions.sessions.size(), 0U);
  EXPECT_EQ(sink.all<fleet::FleetSync>().at(3)->sessions.sessions.size(), 2U) << "not stored";
}

TEST_F(FleetFollower, AllIsReadAgainAfterAListAmongEvents) {
  options.timing.sessions_debounce = options.timing.sessions_spacing = 5ms;
  start_live();
  gateway->peer().event("sessions.changed", R"({"reason":"patch","ts":1})", 1);
  ASSERT_TRUE(until([&] { return sink.count<fleet::SessionsListed>() == 1; }));
  gateway->peer().drop();
  ASSERT_TRUE(until([&] { return sink.count<fleet::FleetSync>() == 2; }));
  EXPECT_EQ(sink.all<fleet::FleetSync>().at(1)->sessions.sessions.size(), 2U);
}

TEST_F(FleetFollower, GarbageCostsTheFrameAlone) {
  start_live();
  gateway->peer().send("this is not JSON");
  gateway->peer().send(R"({"type":"event"})");
  gateway->peer().send(R"([1,2,3])");
  gateway->peer().event("sessions.changed", changed("agent:main:main"), 1);
  ASSERT_TRUE(until([&] { return sink.count<fleet::SessionChanged>() == 1; }));
  EXPECT_EQ(gateway->connections, 1);
  EXPECT_EQ(times_logged("cannot be understood"), 1);
}

TEST_F(FleetFollower, AFrameThatIsTooLargeEndsTheConnection) {
  start_live();
  gateway->peer().send(std::string(protocol::kMaxFrameBytes + 1, ' '));
  ASSERT_TRUE(until([&] { return sink.count<fleet::FleetSync>() == 2; }));
  EXPECT_EQ(gateway->last_close_code, 1009);
}

TEST_F(FleetFollower, AResyncThatIsAskedForOftenIsOne) {
  start_live();
  for (int i = 0; i < 10; ++i) link->request_resync("overload");
  ASSERT_TRUE(until([&] { return sink.count<fleet::FleetSync>() == 2; }));
  idle(150ms);
  EXPECT_EQ(sink.count<fleet::FleetSync>(), 2);
}

}  // namespace
}  // namespace cc::gateway::testing
