// One connection after the other: how they are made, why they are refused, what follows.

#include <fstream>

#include "gateway/doubt.h"
#include "gateway/testing/link_fixture.h"

namespace cc::gateway::testing {
namespace {

using namespace std::chrono_literals;
using fleet::GatewayState;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kTokenMismatch =
    R"({"code":"INVALID_REQUEST","message":"no","details":{"code":"AUTH_TOKEN_MISMATCH"}})";

class WsClient : public LinkFixture {
 protected:
  /// The gateway answers `connect` with this error and closes.
  void refuse_connect(const std::string& error, int code, const std::string& reason) {
    gateway->on_request = [=](Peer& peer, const Request& request) {
      if (request.method != "connect") return false;
      peer.refuse(request.id, error);
      peer.close(code, reason);
      return true;
    };
  }
  /// The file of device tokens.
  [[nodiscard]] std::string kept() const {
    std::ostringstream all;
    all << std::ifstream(options.device_tokens).rdbuf();
    return all.str();
  }
  [[nodiscard]] std::string auth_member(std::size_t request, const char* name) const {
    const auto& auth = gateway->requests.at(request).params.at("auth").as_object();
    const auto* value = auth.if_contains(name);
    return value != nullptr ? std::string(value->as_string()) : "";
  }
};

TEST_F(WsClient, SyncsAndIsLive) {
  start();
  ASSERT_TRUE(until([&] { return logged("using WS — REST poller standing down"); }));
  const auto syncs = sink.all<fleet::FleetSync>();
  ASSERT_EQ(syncs.size(), 1U);
  EXPECT_TRUE(syncs[0]->initial);
  EXPECT_EQ(syncs[0]->agents->agents.size(), 2U);
  EXPECT_EQ(syncs[0]->sessions.sessions.size(), 2U);
  EXPECT_TRUE(syncs[0]->sessions.complete);
  ASSERT_TRUE(syncs[0]->presence);
  EXPECT_EQ(syncs[0]->presence->entries.size(), 1U);
  ASSERT_TRUE(syncs[0]->connection);
  EXPECT_EQ(syncs[0]->connection->state, GatewayState::kLive);
  EXPECT_EQ(syncs[0]->connection->protocol, 4);
  EXPECT_EQ(syncs[0]->connection->server_version, "2026.9.6");
  EXPECT_FALSE(syncs[0]->connection->reconnected);
}

TEST_F(WsClient, SubscribesBeforeItReads) {
  start();
  ASSERT_TRUE(until([&] { return is_live(); }));
  std::vector<std::string> order;
  for (const auto& request : gateway->requests) order.push_back(request.method);
  EXPECT_THAT(order, ElementsAre("connect", "sessions.subscribe", "agents.list", "sessions.list"));
}

TEST_F(WsClient, ComesAsANativeProgram) {
  start();
  ASSERT_TRUE(until([&] { return is_live(); }));
  EXPECT_EQ(gateway->upgrade_headers.count("origin"), 0U);
  EXPECT_EQ(gateway->upgrade_headers.count("sec-websocket-extensions"), 0U);
  EXPECT_THAT(gateway->upgrade_headers["user-agent"], HasSubstr("control-center/"));
}

TEST_F(WsClient, SyncsWithProtocol3) {
  gateway = std::make_unique<ScriptedGateway>(io, 3);
  start();
  ASSERT_TRUE(until([&] { return is_live(); }));
  EXPECT_EQ(sink.report()->protocol, 3);
  const auto& params = gateway->requests.at(3).params;
  EXPECT_FALSE(params.contains("limit"));
  EXPECT_FALSE(params.contains("archived"));
  EXPECT_TRUE(sink.all<fleet::FleetSync>().at(0)->sessions.complete);
}

TEST_F(WsClient, AWrongTokenIsBlockedWithWhatToDo) {
  refuse_connect(R"({"code":"INVALID_REQUEST","message":"unauthorized: right is wrong",)"
                 R"("details":{"code":"AUTH_TOKEN_MISMATCH"}})",
                 1008, "unauthorized");
  start();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kBlocked; }));
  EXPECT_THAT(action(), HasSubstr("OPENCLAW_GATEWAY_TOKEN"));
  EXPECT_THAT(detail(), HasSubstr("ws://127.0.0.1:"));
  EXPECT_THAT(log_text.str(), Not(HasSubstr("right")));
}

TEST_F(WsClient, AChangedTokenIsTriedAtOnce) {
  options.timing.least_blocked = 10min;
  gateway->on_request = [](Peer& peer, const Request& request) {
    if (request.method != "connect") return false;
    if (request.params.at("auth").at("token") == "new") return false;
    peer.refuse(request.id, kTokenMismatch);
    peer.close(1008, "unauthorized");
    return true;
  };
  start();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kBlocked; }));
  set_token("new");
  EXPECT_TRUE(until([&] { return is_live(); }));
}

TEST_F(WsClient, APersonWhoHasMendedItDoesNotWaitForTheNextTry) {
  options.timing.least_blocked = 10min;
  refuse_connect(kTokenMismatch, 1008, "unauthorized");
  start();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kBlocked; }));
  gateway->on_request = {};
  EXPECT_TRUE(until([&] {
    link->retry_now();
    return is_live();
  }));
}

TEST_F(WsClient, NoPersonMakesUsTryAGatewayWithoutPause) {
  options.timing.least_blocked = 10min;
  options.timing.backoff_first = 5min;
  refuse_connect(kTokenMismatch, 1008, "unauthorized");
  start();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kBlocked; }));
  const auto asked = gateway->requests.size();
  for (int i = 0; i < 20; ++i) link->retry_now();
  idle(100ms);
  EXPECT_EQ(gateway->requests.size(), asked);
}

TEST_F(WsClient, PairingShowsTheCommandThatApproves) {
  refuse_connect(
      R"({"code":"NOT_PAIRED","message":"pairing required","details":)"
      R"({"code":"PAIRING_REQUIRED","reason":"not-paired","requestId":"0bc34206-1a0b"}})",
      1008, "pairing required");
  start();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kBlocked; }));
  EXPECT_EQ(action(), "openclaw devices approve 0bc34206-1a0b");
}

TEST_F(WsClient, AnotherProtocolIsBlocked) {
  refuse_connect(R"({"code":"INVALID_REQUEST","message":"protocol mismatch",)"
                 R"("details":{"expectedProtocol":9}})",
                 1002, "protocol mismatch");
  start();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kBlocked; }));
  EXPECT_THAT(detail(), HasSubstr("speaks protocol 9"));
}

TEST_F(WsClient, AStartingGatewayIsTriedAgainSoon) {
  int refusals = 0;
  gateway->on_request = [&](Peer& peer, const Request& request) {
    if (request.method != "connect" || ++refusals > 2) return false;
    peer.refuse(request.id,
                R"({"code":"UNAVAILABLE","message":"gateway starting","retryable":true,)"
                R"("retryAfterMs":100,"details":{"reason":"startup-sidecars"}})");
    peer.close(1013, "gateway starting");
    return true;
  };
  start();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kOffline; }));
  EXPECT_THAT(detail(), HasSubstr("is starting"));
  EXPECT_TRUE(until([&] { return is_live(); }));
  EXPECT_EQ(gateway->connections, 3);
}

TEST_F(WsClient, AMissingScopeIsBlocked) {
  gateway->granted = "[]";
  gateway->on_request = [](Peer& peer, const Request& request) {
    if (request.method != "sessions.subscribe") return false;
    peer.refuse(request.id,
                R"({"code":"INVALID_REQUEST","message":"missing scope: operator.read"})");
    return true;
  };
  start();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kBlocked; }));
  EXPECT_THAT(detail(), HasSubstr("operator.read"));
  EXPECT_THAT(action(), HasSubstr("openclaw devices"));
  EXPECT_TRUE(logged("fewer rights than asked for"));
}

TEST_F(WsClient, AScopeThatWasNeverAskedForIsTriedAgain) {
  options.timing.least_blocked = 10min;
  int refused = 0;
  gateway->on_request = [&](Peer& peer, const Request& request) {
    if (request.method != "agents.list" || refused++ > 0) return false;
    peer.refuse(request.id, R"({"code":"FORBIDDEN","message":"missing scope: operator.admin"})");
    return true;
  };
  start();
  ASSERT_TRUE(until([&] { return is_live(); }));
  EXPECT_EQ(gateway->connections, 2);
  EXPECT_FALSE(logged("operator.admin")) << "nobody is asked to grant it";
}

TEST_F(WsClient, FewerRightsThatSufficeAreAWarning) {
  gateway->granted = "[]";
  start();
  ASSERT_TRUE(until([&] { return is_live(); }));
  EXPECT_THAT(detail(), HasSubstr("operator.read"));
}

TEST_F(WsClient, AProxyThatRefusesTheUpgradeIsBlocked) {
  gateway->upgrade_status = 403;
  start();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kBlocked; }));
  EXPECT_THAT(detail(), HasSubstr("403"));
}

TEST_F(WsClient, NobodyThereIsOfflineInASentence) {
  gateway->close_door();
  start();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kOffline; }));
  EXPECT_THAT(detail(), HasSubstr("connection refused"));
  EXPECT_THAT(detail(), HasSubstr(std::to_string(gateway->port())));
  idle(200ms);
  EXPECT_EQ(times_logged("connection refused"), 1) << "one line, however many tries";
  gateway->reopen();
  EXPECT_TRUE(until([&] { return is_live(); }));
}

TEST_F(WsClient, ReconnectsAfterADropAndSaysSo) {
  start();
  ASSERT_TRUE(until([&] { return is_live(); }));
  gateway->on_request = [](Peer& peer, const Request&) {
    peer.drop();
    return true;
  };
  gateway->peer().drop();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kOffline; }));
  gateway->on_request = nullptr;
  ASSERT_TRUE(until([&] { return sink.count<fleet::FleetSync>() == 2; }));
  const auto* again = sink.all<fleet::FleetSync>().at(1);
  EXPECT_FALSE(again->initial);
  EXPECT_TRUE(again->connection->reconnected);
}

TEST_F(WsClient, NoChallengeEndsTheAttempt) {
  options.timing.challenge = 50ms;
  gateway->on_open = [](Peer&) {};
  start();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kOffline; }));
  EXPECT_THAT(detail(), HasSubstr("no connect.challenge within 50 ms"));
}

TEST_F(WsClient, AGarbledHandshakeEndsTheAttempt) {
  options.timing.challenge = 10min;
  gateway->on_open = [this](Peer& peer) {
    if (gateway->connections == 1) return peer.send(R"({"type":"event","event":"connect.ch)");
    peer.event("connect.challenge", R"({"nonce":"n","ts":1})");
  };
  gateway->on_request = [this](Peer& peer, const Request& request) {
    if (request.method != "connect" || gateway->connections != 2) return false;
    peer.send(R"({"type":"res","id":"conn)");
    return true;
  };
  start();
  EXPECT_TRUE(until([&] { return is_live(); }));
  EXPECT_EQ(gateway->connections, 3);
}

TEST_F(WsClient, NoAnswerToConnectEndsTheAttempt) {
  options.timing.challenge = 50ms;
  gateway->on_request = [](Peer&, const Request& request) { return request.method == "connect"; };
  start();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kOffline; }));
  EXPECT_THAT(detail(), HasSubstr("no answer to connect"));
}

TEST_F(WsClient, NoAnswerToASyncCallEndsTheConnection) {
  options.timing.call = 50ms;
  gateway->on_request = [](Peer&, const Request& request) {
    return request.method == "agents.list";
  };
  start();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kOffline; }));
  EXPECT_THAT(detail(), HasSubstr("no answer to agents.list"));
}

TEST_F(WsClient, SilenceIsNoticed) {
  options.timing.watchdog = 50ms;
  start();
  ASSERT_TRUE(until([&] { return is_live(); }));
  ASSERT_TRUE(until([&] { return state() == GatewayState::kOffline; }));
  EXPECT_THAT(detail(), HasSubstr("nothing was heard"));
  EXPECT_TRUE(until([&] { return gateway->last_close_code == 4000; }));
}

TEST_F(WsClient, AnAnnouncedShutdownIsARestart) {
  start();
  ASSERT_TRUE(until([&] { return is_live(); }));
  gateway->peer().event("shutdown", R"({"reason":"gateway stopping","restartExpectedMs":100})", 1);
  gateway->peer().close(1012, "service restart");
  ASSERT_TRUE(until([&] { return state() == GatewayState::kOffline; }));
  EXPECT_THAT(detail(), HasSubstr("stopping or starting"));
  EXPECT_TRUE(until([&] { return is_live(); }));
}

TEST_F(WsClient, GivesUpOnQuickTriesWhereEveryHandshakeIsStale) {
  refuse_connect(R"({"code":"INVALID_REQUEST","message":"no",)"
                 R"("details":{"code":"DEVICE_AUTH_SIGNATURE_EXPIRED"}})",
                 1008, "unauthorized");
  start();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kBlocked; }));
  EXPECT_EQ(gateway->connections, 3);
}

TEST_F(WsClient, KeepsADeviceTokenAndComesWithItWhereThereIsNoOther) {
  gateway->device_token = "device-token-1";
  set_token("");
  start();
  ASSERT_TRUE(until([&] { return is_live(); }));
  gateway->peer().drop();
  ASSERT_TRUE(until([&] { return gateway->count("connect") == 2; }));
  EXPECT_EQ(auth_member(0, "deviceToken"), "");
  EXPECT_EQ(auth_member(gateway->requests.size() - 1, "deviceToken"), "device-token-1");
}

TEST_F(WsClient, ForgetsADeviceTokenThatIsRefused) {
  gateway->device_token = "device-token-1";
  set_token("");
  start();
  ASSERT_TRUE(until([&] { return is_live(); }));
  EXPECT_THAT(kept(), HasSubstr("device-token-1"));
  refuse_connect(R"({"code":"INVALID_REQUEST","message":"no",)"
                 R"("details":{"code":"AUTH_DEVICE_TOKEN_MISMATCH"}})",
                 1008, "unauthorized");
  gateway->peer().drop();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kBlocked; }));
  EXPECT_THAT(kept(), Not(HasSubstr("device-token-1")));
}

TEST_F(WsClient, DoubtsSingleRefusalsOfAGatewayThatWasGood) {
  gateway->device_token = "device-token-1";
  options.timing.proved_after = Millis(0);
  set_token("");
  start();
  ASSERT_TRUE(until([&] { return logged("using WS"); }));
  gateway->on_request = [this](Peer& peer, const Request& request) {
    if (request.method != "connect" || gateway->connections != 2) return false;
    peer.refuse(request.id, R"({"code":"INVALID_REQUEST","message":"no",)"
                            R"("details":{"code":"AUTH_DEVICE_TOKEN_MISMATCH"}})");
    peer.close(1008, "unauthorized");
    return true;
  };
  gateway->peer().drop();
  ASSERT_TRUE(until([&] { return sink.count<fleet::FleetSync>() == 2; }));
  for (const auto& report : sink.all<fleet::ConnectionReport>()) {
    EXPECT_NE(report->state, GatewayState::kBlocked);
  }
  EXPECT_THAT(kept(), HasSubstr("device-token-1"));
}

TEST_F(WsClient, BelievesTheThirdRefusalOfAGatewayThatWasGood) {
  options.timing.proved_after = Millis(0);
  start();
  ASSERT_TRUE(until([&] { return logged("using WS"); }));
  refuse_connect(R"({"code":"INVALID_REQUEST","message":"no",)"
                 R"("details":{"code":"AUTH_TOKEN_MISMATCH"}})",
                 1008, "unauthorized");
  gateway->peer().drop();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kBlocked; }));
  EXPECT_EQ(gateway->connections, 1 + Doubt::kEnough);
}

TEST_F(WsClient, TriesTheDeviceTokenOnceWhenTheSharedOneIsStale) {
  gateway->device_token = "device-token-1";
  start();
  ASSERT_TRUE(until([&] { return is_live(); }));
  gateway->on_request = [](Peer& peer, const Request& request) {
    if (request.method != "connect") return false;
    if (request.params.at("auth").as_object().contains("deviceToken")) return false;
    peer.refuse(request.id, R"({"code":"INVALID_REQUEST","message":"no","details":)"
                            R"({"code":"AUTH_TOKEN_MISMATCH","canRetryWithDeviceToken":true}})");
    peer.close(1008, "unauthorized");
    return true;
  };
  const int before = gateway->connections;
  gateway->peer().drop();
  EXPECT_TRUE(until([&] { return sink.count<fleet::FleetSync>() == 2; }));
  EXPECT_EQ(gateway->connections, before + 2);
}

TEST_F(WsClient, SendsTheHeadersThatAProxyAsksFor) {
  options.headers = [] { return parse_extra_headers("X-Access-Key: hunter2\n"); };
  start();
  ASSERT_TRUE(until([&] { return is_live(); }));
  EXPECT_EQ(gateway->upgrade_headers["x-access-key"], "hunter2");
  EXPECT_THAT(log_text.str(), Not(HasSubstr("hunter2")));
}

TEST_F(WsClient, HeadersThatCannotBeReadAreBlocked) {
  options.headers = [] { return parse_extra_headers("no header"); };
  start();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kBlocked; }));
  EXPECT_THAT(detail(), HasSubstr("line 1"));
  EXPECT_EQ(gateway->connections, 0);
}

TEST_F(WsClient, AnUnreadableTokenIsBlockedUntilItCanBeRead) {
  bool readable = false;
  options.token = [&]() -> Result<Secret> {
    if (!readable) return fail(ErrorCode::kRefused, "The token file cannot be read.");
    return Secret("right");
  };
  start();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kBlocked; }));
  EXPECT_EQ(detail(), "The token file cannot be read.");
  EXPECT_EQ(gateway->connections, 0);
  readable = true;
  EXPECT_TRUE(until([&] { return is_live(); }));
}

TEST_F(WsClient, AnAddressThatIsNoneIsBlocked) {
  options.ws_url = "gopher://user:hunter2@somewhere/";
  start();
  ASSERT_TRUE(until([&] { return state() == GatewayState::kBlocked; }));
  EXPECT_THAT(log_text.str() + detail(), Not(HasSubstr("hunter2")));
}

TEST_F(WsClient, SaysGoodbyeWhenItIsStopped) {
  start();
  ASSERT_TRUE(until([&] { return is_live(); }));
  stop();
  EXPECT_TRUE(until([&] { return gateway->last_close_code == 1000; }));
}

TEST_F(WsClient, StopsInTheMiddleOfAHandshake) {
  gateway->on_open = [](Peer&) {};
  start();
  ASSERT_TRUE(until([&] { return gateway->connections == 1; }));
  stop();
}

TEST_F(WsClient, StopsInTheMiddleOfASync) {
  gateway->on_request = [](Peer&, const Request& request) {
    return request.method == "sessions.list";
  };
  start();
  ASSERT_TRUE(until([&] { return gateway->count("sessions.list") == 1; }));
  stop();
}

TEST_F(WsClient, StopsWhileACommitIsPending) {
  sink.keeps_waiting = true;
  start();
  ASSERT_TRUE(until([&] { return sink.count<fleet::FleetSync>() == 1; }));
  stop();
  for (auto& ack : sink.unacked) ack({});
  idle(10ms);
}

}  // namespace
}  // namespace cc::gateway::testing
