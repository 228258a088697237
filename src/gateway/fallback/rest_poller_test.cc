// The fall-back alone: no WebSocket is configured.

#include "gateway/testing/link_fixture.h"

namespace cc::gateway::testing {
namespace {

using namespace std::chrono_literals;
using fleet::GatewayState;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class RestPoller : public LinkFixture {
 protected:
  void start_polling() {
    options.ws_url = "";
    options.rest_url = gateway->rest_url();
    start();
  }
  void reply(HttpReply with) {
    gateway->on_http = [reply = std::move(with)](const HttpSeen&) { return reply; };
  }
  /// As a gateway is shipped: a page for people, /health, and two tools.
  void be_stock() {
    gateway->on_http = [](const HttpSeen& seen) -> HttpReply {
      if (seen.target == "/health") return {200, "application/json", R"({"ok":true})"};
      if (seen.target != "/tools/invoke") return {404, "text/plain", "Not Found"};
      // The body is not looked at: both tools get both answers.
      return {
          200, "application/json",
          R"({"ok":true,"result":{"content":[],"details":{)"
          R"("agents":[{"id":"main","name":"Main"}],)"
          R"("count":1,"sessions":[{"key":"agent:otto:main","agentId":"otto","kind":"direct"}]}}})"};
    };
  }
  [[nodiscard]] std::size_t asked_for(const std::string& target) const {
    return static_cast<std::size_t>(
        std::count_if(gateway->http.begin(), gateway->http.end(),
                      [&](const HttpSeen& seen) { return seen.target == target; }));
  }
};

TEST_F(RestPoller, PollsAtOnceWhereNoWebSocketIsConfigured) {
  options.ws_ready_timeout = 10min;
  reply({200, "application/json", R"([{"id":"main","status":"busy"}])"});
  start_polling();
  ASSERT_TRUE(until([&] { return sink.count<fleet::Polled>() >= 3; }));
  const auto* polled = sink.all<fleet::Polled>().at(0);
  ASSERT_THAT(polled->agents, SizeIs(1));
  EXPECT_EQ(polled->agents[0].id, "main");
  EXPECT_TRUE(polled->complete);
  EXPECT_EQ(state(), GatewayState::kPolling);
  EXPECT_EQ(sink.report()->source, fleet::Source::kRest);
  EXPECT_EQ(detail(), "");
  EXPECT_FALSE(logged("WS not ready")) << "there is none to wait for";
}

TEST_F(RestPoller, ShowsItsToken) {
  reply({200, "application/json", "[]"});
  start_polling();
  ASSERT_TRUE(until([&] { return !gateway->http.empty(); }));
  EXPECT_EQ(gateway->http[0].authorization, "Bearer right");
  EXPECT_EQ(gateway->http[0].accept, "application/json");
  EXPECT_EQ(gateway->http[0].target, "/api/agents");
  EXPECT_THAT(gateway->http[0].user_agent, HasSubstr("control-center/"));
}

TEST_F(RestPoller, AnEmptyListIsAnAnswer) {
  reply({200, "application/json", R"({"agents":[]})"});
  start_polling();
  ASSERT_TRUE(until([&] { return sink.count<fleet::Polled>() == 1; }));
  EXPECT_TRUE(sink.all<fleet::Polled>().at(0)->complete);
}

TEST_F(RestPoller, ARowWithABrokenIdMakesTheAnswerAPart) {
  reply({200, "application/json", R"([{"id":"main"},{"id":7}])"});
  start_polling();
  ASSERT_TRUE(until([&] { return sink.count<fleet::Polled>() == 1; }));
  EXPECT_FALSE(sink.all<fleet::Polled>().at(0)->complete);
}

TEST_F(RestPoller, ARefusedTokenIsNotShownTwice) {
  gateway->on_http = [](const HttpSeen& seen) -> HttpReply {
    if (seen.authorization == "Bearer new") return {200, "application/json", "[]"};
    return {401, "application/json", R"({"error":"no"})"};
  };
  start_polling();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kBlocked; }));
  EXPECT_THAT(detail(), HasSubstr("401"));
  EXPECT_THAT(action(), HasSubstr("OPENCLAW_GATEWAY_TOKEN"));
  idle(150ms);
  EXPECT_THAT(gateway->http, SizeIs(1));
  set_token("new");
  EXPECT_TRUE(until([&] { return state() == GatewayState::kPolling; }));
}

TEST_F(RestPoller, ThePasswordIsShownWhereThereIsNoToken) {
  set_token("");
  options.password = [] { return Result<Secret>(Secret("pass")); };
  reply({200, "application/json", "[]"});
  start_polling();
  ASSERT_TRUE(until([&] { return !gateway->http.empty(); }));
  EXPECT_EQ(gateway->http[0].authorization, "Bearer pass");
}

TEST_F(RestPoller, AnErrorOfTheServerIsOffline) {
  reply({503, "text/html", "<html>"});
  start_polling();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kOffline; }));
  EXPECT_THAT(detail(), HasSubstr("HTTP 503"));
  EXPECT_EQ(asked_for("/health"), 0U) << "it may be there in a moment";
}

TEST_F(RestPoller, ARedirectIsNotFollowed) {
  reply({302, "text/plain", ""});
  start_polling();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kOffline; }));
  EXPECT_THAT(detail(), HasSubstr("HTTP 302"));
}

TEST_F(RestPoller, JsonThatIsNoListIsNoAnswer) {
  reply({200, "application/json", R"({"error":"x"})"});
  start_polling();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kOffline; }));
  EXPECT_THAT(sink.all<fleet::Polled>(), IsEmpty());
}

TEST_F(RestPoller, AnAnswerThatIsTooLargeIsRefused) {
  reply({200, "application/json", "[" + std::string(17U << 20U, ' ') + "]"});
  start_polling();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kOffline; }));
  EXPECT_THAT(detail(), HasSubstr("larger than 16 MiB"));
}

TEST_F(RestPoller, NobodyThereIsOffline) {
  gateway->close_door();
  start_polling();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kOffline; }));
  EXPECT_THAT(detail(), HasSubstr("connection refused"));
}

TEST_F(RestPoller, AGatewayAsItIsShippedIsAskedForItsTools) {
  be_stock();
  start_polling();
  ASSERT_TRUE(until([&] { return sink.count<fleet::Polled>() >= 3; }));
  const auto* polled = sink.all<fleet::Polled>().at(0);
  EXPECT_THAT(polled->agents, SizeIs(2)) << "the tool's own, and that of the session";
  EXPECT_THAT(polled->sessions.sessions, SizeIs(1));
  EXPECT_FALSE(polled->complete);
  EXPECT_EQ(state(), GatewayState::kPolling);
  EXPECT_EQ(asked_for("/api/agents"), 1U) << "not at every poll";
  EXPECT_EQ(times_logged("there is no list of agents"), 1);
}

TEST_F(RestPoller, AllSessionsAreAskedForOnceAndThenThoseThatMoved) {
  be_stock();
  start_polling();
  ASSERT_TRUE(until([&] { return sink.count<fleet::Polled>() >= 3; }));
  int all = 0;
  int latest = 0;
  for (const auto& seen : gateway->http) {
    if (!seen.body.contains("sessions_list")) continue;
    ++(seen.body.contains("activeMinutes") ? latest : all);
  }
  EXPECT_EQ(all, 1);
  EXPECT_GE(latest, 2);
}

// 2026.8.1, once its agents had been changed: nothing of the fleet was seen over REST.
TEST_F(RestPoller, AGatewayThatWantsToKnowForWhichAgentIsTold) {
  be_stock();
  gateway->on_http = [stock = gateway->on_http](const HttpSeen& seen) -> HttpReply {
    const bool is_told = seen.body.contains(R"("sessionKey":"agent:main:main")");
    if (seen.target == "/tools/invoke" && !is_told) return {400, "application/json", "{}"};
    return stock(seen);
  };
  start_polling();
  ASSERT_TRUE(until([&] { return sink.count<fleet::Polled>() >= 2; }));
  EXPECT_EQ(state(), GatewayState::kPolling);
  const auto is_untold = [](const HttpSeen& seen) {
    return seen.target == "/tools/invoke" && !seen.body.contains("sessionKey");
  };
  EXPECT_EQ(std::ranges::count_if(gateway->http, is_untold), 1) << "it is remembered";
}

TEST_F(RestPoller, LooksForTheEndpointAgain) {
  options.timing.endpoint_recheck = 50ms;
  be_stock();
  start_polling();
  ASSERT_TRUE(until([&] { return asked_for("/api/agents") >= 2; }));
  EXPECT_EQ(times_logged("there is no list of agents"), 1) << "told once";
  reply({200, "application/json", "[]"});
  ASSERT_TRUE(until([&] { return sink.report() && detail().empty(); }));
}

TEST_F(RestPoller, AGatewayThatShowsNothingIsNotPolled) {
  gateway->on_http = [](const HttpSeen& seen) -> HttpReply {
    if (seen.target == "/health") return {200, "application/json", "{}"};
    if (seen.target == "/tools/invoke") return {404, "application/json", "{}"};
    return {200, "text/html", "<!doctype html>"};
  };
  start_polling();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kOffline; }));
  EXPECT_THAT(detail(), HasSubstr("alive"));
  EXPECT_THAT(sink.all<fleet::Polled>(), IsEmpty());
}

struct Odd {
  const char* name;
  HttpReply reply;
};

class OddAnswers : public RestPoller, public ::testing::WithParamInterface<Odd> {};

/// What a proxy says while the endpoint behind it restarts.
TEST_P(OddAnswers, AreNoConclusionAmongGoodOnes) {
  int asked = 0;
  gateway->on_http = [&](const HttpSeen& seen) -> HttpReply {
    if (seen.target != "/api/agents") return {404, "text/plain", "Not Found"};
    if (++asked % 3 == 0) return GetParam().reply;
    return {200, "application/json", R"([{"id":"main","status":"down"}])"};
  };
  start_polling();
  ASSERT_TRUE(until([&] { return sink.count<fleet::Polled>() >= 8; }));
  EXPECT_EQ(gateway->http.size(), asked_for("/api/agents")) << "nothing else is asked";
  for (const auto& report : sink.all<fleet::ConnectionReport>()) {
    EXPECT_NE(report->state, GatewayState::kBlocked);
  }
}

TEST_P(OddAnswers, AreSoonFollowedByAnotherQuestion) {
  options.timing.endpoint_recheck = options.timing.refused_recheck = 40ms;
  bool odd = true;
  gateway->on_http = [&](const HttpSeen& seen) -> HttpReply {
    if (seen.target != "/api/agents") return {404, "text/plain", "Not Found"};
    if (odd) return GetParam().reply;
    return {200, "application/json", R"([{"id":"main","status":"down"}])"};
  };
  start_polling();
  ASSERT_TRUE(until([&] { return asked_for("/api/agents") >= 2; }));
  EXPECT_NE(state(), GatewayState::kPolling) << "nothing fresh came";
  EXPECT_NE(detail(), "");
  odd = false;
  EXPECT_TRUE(until([&] { return state() == GatewayState::kPolling; }));
}

INSTANTIATE_TEST_SUITE_P(All, OddAnswers,
                         ::testing::Values(Odd{"NotFound", {404, "text/plain", "Not Found"}},
                                           Odd{"Page", {200, "text/html", "<!doctype html>"}},
                                           Odd{"Nothing", {200, "application/json", ""}},
                                           Odd{"Unauthorized", {401, "text/html", "sign in"}},
                                           Odd{"Forbidden", {403, "text/html", "no"}},
                                           Odd{"Redirect", {302, "text/html", ""}},
                                           Odd{"BadGateway", {502, "text/html", "<html>"}}),
                         [](const auto& one) { return std::string(one.param.name); });

TEST_F(RestPoller, ARefusedTokenIsShownAgainSlowly) {
  options.timing.refused_recheck = 60ms;
  int asked = 0;
  gateway->on_http = [&](const HttpSeen&) -> HttpReply {
    if (++asked > 3) return {200, "application/json", "[]"};
    return {401, "application/json", "{}"};
  };
  start_polling();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kBlocked; }));
  EXPECT_TRUE(until([&] { return state() == GatewayState::kPolling; }));
}

TEST_F(RestPoller, ARefusalIsForgottenOnceTheWebSocketCameAndWent) {
  options.ws_ready_timeout = 0ms;
  options.timing.backoff_first = options.timing.backoff_most = 50ms;
  bool refuse = true;
  gateway->upgrade_status = 503;
  gateway->on_http = [&](const HttpSeen&) -> HttpReply {
    if (refuse) return {401, "application/json", "{}"};
    return {200, "application/json", "[]"};
  };
  options.rest_url = gateway->rest_url();
  start();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kBlocked; }));
  gateway->upgrade_status = 101;
  ASSERT_TRUE(until([&] { return is_live(); }));
  refuse = false;
  gateway->upgrade_status = 503;
  gateway->peer().drop();
  EXPECT_TRUE(until([&] { return state() == GatewayState::kPolling; }));
}

TEST_F(RestPoller, AByteOrderMarkIsSkipped) {
  reply({200, "application/json", "\xEF\xBB\xBF[{\"id\":\"main\"}]"});
  start_polling();
  ASSERT_TRUE(until([&] { return sink.count<fleet::Polled>() == 1; }));
  EXPECT_THAT(sink.all<fleet::Polled>().at(0)->agents, SizeIs(1));
}

TEST_F(RestPoller, ACompressedAnswerIsNamedAsOne) {
  reply({200, "application/json", "\x1F\x8B\x08rest"});
  start_polling();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kOffline; }));
  EXPECT_THAT(detail(), HasSubstr("gzip"));
}

TEST_F(RestPoller, CredentialsInTheUrlAreNotShown) {
  options.rest_url = "http://user:hunter2@127.0.0.1:1/api/agents?key=hunter3";
  options.ws_url = "";
  start();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kOffline; }));
  EXPECT_THAT(log_text.str() + detail(), Not(HasSubstr("hunter")));
}

}  // namespace
}  // namespace cc::gateway::testing
