// Both sources together: who speaks when.

#include "gateway/link.h"

#include "gateway/testing/link_fixture.h"

namespace cc::gateway::testing {
namespace {

using namespace std::chrono_literals;
using fleet::GatewayState;
using ::testing::HasSubstr;

class LinkTest : public LinkFixture {
 protected:
  void SetUp() override {
    options.rest_url = gateway->rest_url();
    gateway->on_http = [](const HttpSeen&) {
      return HttpReply{200, "application/json", R"([{"id":"main"}])"};
    };
  }
  void refuse_upgrades() { gateway->upgrade_status = 503; }
  void accept_upgrades() { gateway->upgrade_status = 101; }
};

constexpr const char* kUsing = "using WS — REST poller standing down";
constexpr const char* kFallingBack = "WS not ready — falling back to REST polling";

TEST_F(LinkTest, StartsAsConnecting) {
  start();
  ASSERT_TRUE(until([&] { return !sink.heard.empty(); }));
  const auto& first = sink.heard.front();
  ASSERT_TRUE(std::holds_alternative<fleet::ConnectionReport>(first.what));
  EXPECT_EQ(std::get<fleet::ConnectionReport>(first.what).state, GatewayState::kConnecting);
}

TEST_F(LinkTest, NeverPollsWhileTheWebSocketLives) {
  options.ws_ready_timeout = 30ms;
  start();
  ASSERT_TRUE(until([&] { return logged(kUsing); }));
  idle(50ms);  // a poll may still be on its way
  const auto before = gateway->http.size();
  idle(200ms);
  EXPECT_EQ(gateway->http.size(), before);
  EXPECT_TRUE(is_live());
}

TEST_F(LinkTest, WaitsBeforeItFallsBack) {
  options.ws_ready_timeout = 10min;
  refuse_upgrades();
  start();
  ASSERT_TRUE(until([&] { return gateway->connections >= 3; }));
  EXPECT_TRUE(gateway->http.empty());
  EXPECT_FALSE(logged(kFallingBack));
  EXPECT_EQ(state(), GatewayState::kOffline);
}

TEST_F(LinkTest, FallsBackAndStandsDownAgain) {
  options.ws_ready_timeout = 50ms;
  refuse_upgrades();
  start();
  ASSERT_TRUE(until([&] { return sink.count<fleet::Polled>() >= 2; }));
  EXPECT_EQ(times_logged(kFallingBack), 1);
  EXPECT_EQ(state(), GatewayState::kPolling);
  EXPECT_THAT(detail(), HasSubstr("503")) << "why the WebSocket is not there";

  accept_upgrades();
  ASSERT_TRUE(until([&] { return logged(kUsing); }));
  idle(50ms);  // a poll may still be on its way
  const auto polls = gateway->http.size();
  idle(100ms);
  EXPECT_EQ(gateway->http.size(), polls);

  refuse_upgrades();
  gateway->peer().drop();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kOffline; }));
  ASSERT_TRUE(until([&] { return state() == GatewayState::kPolling; }));
  EXPECT_EQ(times_logged(kFallingBack), 2);
}

TEST_F(LinkTest, WhatPollsMayHaveChangedIsReadAgain) {
  options.ws_ready_timeout = 50ms;
  start();
  ASSERT_TRUE(until([&] { return sink.count<fleet::FleetSync>() == 1; }));
  refuse_upgrades();
  const auto polls = sink.count<fleet::Polled>();
  gateway->peer().drop();
  ASSERT_TRUE(until([&] { return sink.count<fleet::Polled>() > polls; }));
  accept_upgrades();
  ASSERT_TRUE(until([&] { return sink.count<fleet::FleetSync>() == 2; }));
  EXPECT_EQ(sink.all<fleet::FleetSync>().at(1)->sessions.sessions.size(), 2U);
}

TEST_F(LinkTest, AHelloIsNotReady) {
  options.ws_ready_timeout = 50ms;
  gateway->on_request = [](Peer&, const Request& request) {
    return request.method == "sessions.list";  // never answered
  };
  start();
  EXPECT_TRUE(until([&] { return state() == GatewayState::kPolling; }));
  EXPECT_FALSE(logged(kUsing));
}

TEST_F(LinkTest, ReadyIsCommitted) {
  sink.keeps_waiting = true;
  start();
  ASSERT_TRUE(until([&] { return sink.count<fleet::FleetSync>() == 1; }));
  idle(50ms);
  EXPECT_FALSE(logged(kUsing));
  sink.unacked.at(0)({});
  EXPECT_TRUE(until([&] { return logged(kUsing); }));
}

TEST_F(LinkTest, APollInFlightIsDiscarded) {
  options.ws_ready_timeout = 0ms;
  refuse_upgrades();
  // The answer to the first poll comes when the WebSocket already speaks: the poll itself opens its
  // way.
  gateway->on_http = [&](const HttpSeen&) {
    accept_upgrades();
    while (!logged(kUsing)) io.run_one_for(10ms);
    return HttpReply{200, "application/json", "[]"};
  };
  start();
  ASSERT_TRUE(until([&] { return logged(kUsing); }));
  idle(100ms);
  EXPECT_EQ(sink.count<fleet::Polled>(), 0);
  EXPECT_TRUE(is_live());
}

TEST_F(LinkTest, ABlockedWebSocketDoesNotKeepTheFallBackFromPolling) {
  options.ws_ready_timeout = 50ms;
  gateway->upgrade_status = 403;
  start();
  ASSERT_TRUE(until([&] { return sink.count<fleet::Polled>() >= 1; }));
  EXPECT_EQ(state(), GatewayState::kBlocked);
  EXPECT_EQ(sink.report()->source, fleet::Source::kRest);
}

TEST_F(LinkTest, ALossIsToldAtOnce) {
  options.timing.backoff_first = options.timing.backoff_most = 10min;
  start();
  ASSERT_TRUE(until([&] { return logged(kUsing); }));
  gateway->peer().drop();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kOffline; }));
  EXPECT_EQ(sink.report()->server_version, "2026.9.6") << "what was known stays known";
  EXPECT_EQ(sink.report()->source, std::nullopt);
}

TEST_F(LinkTest, AReportThatWasDroppedIsRepeatedOnRequest) {
  refuse_upgrades();
  start();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kOffline; }));
  const auto before = sink.count<fleet::ConnectionReport>();
  link->request_resync("storage failed");
  EXPECT_TRUE(until([&] { return sink.count<fleet::ConnectionReport>() > before; }));
  EXPECT_EQ(state(), GatewayState::kOffline);
}

TEST_F(LinkTest, ARefusalOfTheEndpointIsAskedAboutAnewWhenItsTurnComesAgain) {
  options.ws_ready_timeout = 50ms;
  refuse_upgrades();
  gateway->on_http = [](const HttpSeen&) { return HttpReply{401, "application/json", "{}"}; };
  start();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kBlocked; }));
  accept_upgrades();
  ASSERT_TRUE(until([&] { return logged(kUsing); }));
  refuse_upgrades();
  gateway->peer().drop();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kOffline; }));
  ASSERT_TRUE(until([&] { return state() == GatewayState::kBlocked; }));
  EXPECT_EQ(gateway->http.size(), 2U) << "once for each turn";
}

TEST_F(LinkTest, NothingSaysLiveBeforeTheSyncIsCommitted) {
  sink.keeps_waiting = true;
  start();
  ASSERT_TRUE(until([&] { return sink.count<fleet::FleetSync>() == 1; }));
  const auto before = sink.heard.size();
  link->request_resync("overload");
  idle(150ms);
  EXPECT_EQ(sink.heard.size(), before);
}

TEST_F(LinkTest, StopsWhileAPollIsInFlight) {
  options.ws_url = "";
  bool asked = false;
  gateway->on_http = [&](const HttpSeen&) -> HttpReply {
    asked = true;
    return {200, "application/json", "[]"};
  };
  start();
  ASSERT_TRUE(until([&] { return asked; }));
  stop();
}

TEST_F(LinkTest, StopsBeforeAnythingHappened) {
  start();
  stop();
}

}  // namespace
}  // namespace cc::gateway::testing
