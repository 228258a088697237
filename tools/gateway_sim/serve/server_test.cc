// Through a socket: handshakes, refusals, lists, events and faults. Client and gateway share one
// thread.
#include "gateway_sim/serve/server.h"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway_sim/testing/test_client.h"

namespace cc::sim {
namespace {

// `play` keeps each script until its coroutine has ended, so its captures live long enough.
// NOLINTBEGIN(cppcoreguidelines-avoid-capturing-lambda-coroutines)

namespace http = boost::beast::http;
using ::testing::HasSubstr;

constexpr auto kLongEnough = std::chrono::seconds(120);

std::vector<std::string> kinds_of_bad_frames() {
  return {"wrong-types", "broken-text", "dup-keys", "deep", "gap"};
}

class ServerTest : public ::testing::Test {
 protected:
  void start(Options options) {
    options.port = 0;
    if (!options.events_per_second) options.events_per_second = 0;
    gateway_.emplace(options, clock_, scheduler_);
    server_.emplace(io_, *gateway_);
    server_->listen();
    gateway_->start();
  }
  static Options options_for(Protocol protocol) {
    Options options;
    options.protocol = protocol;
    options.world = {.agents = 3, .sessions = 12, .seed = 1};
    return options;
  }
  void start(Protocol protocol) { start(options_for(protocol)); }

  /// Runs the client's side to its end.
  void play(std::function<Wait()> script) {
    bool over = false;
    asio::co_spawn(io_, std::move(script), [&](std::exception_ptr failure) {
      over = true;
      io_.stop();
      if (failure) std::rethrow_exception(failure);
    });
    io_.restart();
    io_.run_for(kLongEnough);
    EXPECT_TRUE(over) << "the script did not come to its end";
  }

  asio::awaitable<json::object> hello(TestClient& client, json::object params = connect_params()) {
    co_await client.open(server_->port());
    co_return co_await client.call("connect", json::serialize(params));
  }

  /// POST (with a body) or GET; the body of the answer.
  /// Says hello as one that decides approvals, and has an agent ask for one.
  asio::awaitable<json::object> approval_asked(TestClient& client) {
    json::object params = connect_params();
    params["caps"] = json::parse(R"(["exec-approvals"])");
    co_await hello(client, params);
    co_await ask("/_sim/run", R"({"agentId":"otto","durationMs":30,"waiting":true})");
    co_return co_await client.next_event("exec.approval.requested");
  }
  asio::awaitable<std::string> ask(std::string target, std::string body = {},
                                   std::string bearer = {}) {
    beast::tcp_stream stream(io_);
    co_await stream.async_connect(
        asio::ip::tcp::endpoint(asio::ip::make_address("127.0.0.1"), server_->port()),
        asio::use_awaitable);
    http::request<http::string_body> request(body.empty() ? http::verb::get : http::verb::post,
                                             target, 11);
    if (!bearer.empty()) request.set(http::field::authorization, "Bearer " + bearer);
    request.body() = std::move(body);
    request.prepare_payload();
    co_await http::async_write(stream, request, asio::use_awaitable);
    beast::flat_buffer buffer;
    http::response<http::string_body> response;
    co_await http::async_read(stream, buffer, response, asio::use_awaitable);
    last_status_ = response.result_int();
    co_return response.body();
  }

  /// What a connect that is refused sees: the error and the close.
  Wait expect_refusal(json::object params, std::string code, std::string details_code,
                      unsigned close) {
    TestClient client(io_);
    const json::object answer = co_await hello(client, std::move(params));
    EXPECT_EQ(answer.at("ok"), false);
    if (!answer.contains("error")) co_return;
    const json::object& error = answer.at("error").as_object();
    EXPECT_EQ(error.at("code"), code.c_str());
    if (!details_code.empty()) {
      EXPECT_EQ(error.at("details").at("code"), details_code.c_str());
    }
    EXPECT_EQ(co_await client.closed(), close);
  }

  SystemClock clock_;
  asio::io_context io_{1};
  AsioScheduler scheduler_{io_.get_executor()};
  std::optional<Gateway> gateway_;
  std::optional<Server> server_;
  unsigned last_status_ = 0;
};

class BothProtocols : public ServerTest, public ::testing::WithParamInterface<Protocol> {};

TEST_P(BothProtocols, LetsAClientIn) {
  start(GetParam());
  play([&]() -> Wait {
    TestClient client(io_);
    const json::object answer = co_await hello(client);
    EXPECT_EQ(answer.at("ok"), true);
    const json::object& payload = answer.at("payload").as_object();
    EXPECT_EQ(payload.at("type"), "hello-ok");
    EXPECT_EQ(payload.at("protocol"), static_cast<int>(GetParam()));
    EXPECT_EQ(payload.at("auth").at("scopes").as_array().size(), 3U);
    EXPECT_EQ(payload.at("server").as_object().contains("bootId"), GetParam() == Protocol::kV4);
    EXPECT_EQ(payload.at("policy").at("maxPayload"), 26214400);
    EXPECT_EQ(payload.at("snapshot").at("authMode"), "token");
  });
}

TEST_P(BothProtocols, RefusesAsRealGatewaysDo) {
  start(GetParam());
  play([&]() -> Wait {
    json::object wrong_token = connect_params();
    wrong_token.at("auth").as_object()["token"] = "no";
    co_await expect_refusal(wrong_token, "INVALID_REQUEST", "AUTH_TOKEN_MISMATCH", 1008);
    json::object no_auth = connect_params();
    no_auth["auth"] = json::object();
    co_await expect_refusal(no_auth, "NOT_PAIRED", "DEVICE_IDENTITY_REQUIRED", 1008);
    json::object old = connect_params();
    old["minProtocol"] = 1;
    old["maxProtocol"] = 2;
    co_await expect_refusal(old, "INVALID_REQUEST",
                            GetParam() == Protocol::kV4 ? "PROTOCOL_MISMATCH" : "", 1002);
    json::object stranger = connect_params();
    stranger.at("client").as_object()["id"] = "fleet-monitor";
    co_await expect_refusal(stranger, "INVALID_REQUEST", "", 1008);
    json::object extra = connect_params();
    extra["extra"] = true;
    co_await expect_refusal(extra, "INVALID_REQUEST", "", 1008);
  });
}

TEST_P(BothProtocols, WantsConnectFirst) {
  start(GetParam());
  play([&]() -> Wait {
    TestClient hasty(io_);
    co_await hasty.open(server_->port());
    const json::object answer = co_await hasty.call("health");
    EXPECT_EQ(answer.at("error").at("message"), "invalid handshake: first request must be connect");
    EXPECT_EQ(co_await hasty.closed(), 1008U);
    TestClient babbler(io_);
    co_await babbler.open(server_->port());
    co_await babbler.send("hello?");
    EXPECT_EQ(co_await babbler.closed(), 1000U);
  });
}

TEST_P(BothProtocols, ChecksScopesAndParameters) {
  start(GetParam());
  play([&]() -> Wait {
    TestClient client(io_);
    json::object params = connect_params();
    params["scopes"] = json::parse(R"(["operator.read"])");
    co_await hello(client, params);
    json::object answer = co_await client.call("sessions.delete", R"({"key":"agent:main:main"})");
    EXPECT_EQ(answer.at("error").at("message"), "missing scope: operator.admin");
    EXPECT_EQ(answer.at("error").at("code"),
              GetParam() == Protocol::kV4 ? "FORBIDDEN" : "INVALID_REQUEST");
    answer = co_await client.call("sessions.list", R"({"bogus":1})");
    EXPECT_EQ(answer.at("error").at("message"),
              "invalid sessions.list params: at root: unexpected property 'bogus'");
    answer = co_await client.call("sessions.list", R"({"limit":"x"})");
    EXPECT_EQ(answer.at("error").at("message"),
              "invalid sessions.list params: at /limit: must be integer");
    answer = co_await client.call("sessions.list", R"({"offset":1})");
    EXPECT_EQ(answer.at("ok"), GetParam() == Protocol::kV4);
    answer = co_await client.call("no.such.method");
    EXPECT_EQ(answer.at("error").at("message"), "missing scope: operator.admin");
  });
}

TEST_P(BothProtocols, NumbersEventsAsTheProtocolDoes) {
  start(GetParam());
  play([&]() -> Wait {
    TestClient client(io_);
    co_await hello(client);
    co_await ask("/_sim/sessions", R"({"op":"patch","key":"agent:main:main","label":"unheard"})");
    co_await client.call("sessions.subscribe");
    for (const json::object& event : client.events)
      EXPECT_NE(event.at("event"), "sessions.changed");
    co_await ask("/_sim/sessions", R"({"op":"patch","key":"agent:main:main","label":"heard"})");
    const json::object event = co_await client.next_event("sessions.changed");
    EXPECT_EQ(event.at("payload").at("label"), "heard");
    EXPECT_EQ(event.contains("seq"), GetParam() == Protocol::kV4);
    co_await ask("/_sim/fault", R"({"kind":"gap","skip":5})");
    co_await ask("/_sim/emit", R"({"event":"tick","payload":{"ts":1}})");
    const json::object tick = co_await client.next_event("tick");
    EXPECT_GE(tick.at("seq").as_int64(), 6);
  });
}

TEST_P(BothProtocols, RestartsUnderANewBootId) {
  start(GetParam());
  play([&]() -> Wait {
    TestClient client(io_);
    co_await hello(client);
    const std::string boot = gateway_->facts().boot_id;
    co_await ask("/_sim/fault", R"({"kind":"restart","ms":20,"startingMs":60000})");
    const json::object shutdown = co_await client.next_event("shutdown");
    EXPECT_EQ(shutdown.at("payload").at("reason"), "gateway stopping");
    EXPECT_EQ(co_await client.closed(), 1012U);
    EXPECT_EQ(client.close_reason(), "service restart");
    while (gateway_->facts().boot_id == boot) {
      asio::steady_timer timer(io_, Millis{5});
      co_await timer.async_wait(asio::use_awaitable);
    }
    co_await expect_refusal(connect_params(), "UNAVAILABLE", "", 1013);
  });
}

INSTANTIATE_TEST_SUITE_P(Both, BothProtocols, ::testing::Values(Protocol::kV3, Protocol::kV4),
                         [](const auto& chosen) {
                           return chosen.param == Protocol::kV3 ? "V3" : "V4";
                         });

TEST_F(ServerTest, PagesOnProtocol4) {
  Options options = options_for(Protocol::kV4);
  options.world.sessions = 230;
  start(options);
  play([&]() -> Wait {
    TestClient client(io_);
    co_await hello(client);
    std::set<std::string> keys;
    std::int64_t offset = 0;
    int pages = 0;
    while (true) {
      const json::object answer = co_await client.call(
          "sessions.list", R"({"limit":100,"offset":)" + std::to_string(offset) + '}');
      const json::object& payload = answer.at("payload").as_object();
      EXPECT_EQ(payload.at("totalCount"), 230);
      for (const auto& session : payload.at("sessions").as_array()) {
        EXPECT_TRUE(keys.emplace(session.at("key").as_string()).second);
      }
      ++pages;
      if (payload.at("nextOffset").is_null()) break;
      offset = payload.at("nextOffset").as_int64();
    }
    EXPECT_EQ(pages, 3);
    EXPECT_EQ(keys.size(), 230U);
    const json::object subscribed = co_await client.call("sessions.subscribe", R"({"limit":60})");
    EXPECT_EQ(subscribed.at("payload").at("list").at("count"), 60);
  });
}

TEST_F(ServerTest, TellsAMovingTotalWhenAskedTo) {
  Options options = options_for(Protocol::kV4);
  options.world.sessions = 230;
  start(options);
  play([&]() -> Wait {
    TestClient client(io_);
    co_await hello(client);
    co_await ask("/_sim/fault", R"({"kind":"moving-total","count":1})");
    json::object answer = co_await client.call("sessions.list", R"({"offset":100})");
    EXPECT_EQ(answer.at("payload").at("totalCount"), 231);
    answer = co_await client.call("sessions.list", R"({"offset":100})");
    EXPECT_EQ(answer.at("payload").at("totalCount"), 230);
  });
}

TEST_F(ServerTest, RefusesTheNextConnectsAsToldAndNoMore) {
  start(Protocol::kV4);
  play([&]() -> Wait {
    for (const std::string_view name : refusal_names()) {
      const std::string fault =
          R"({"kind":"refuse","count":1,"error":")" + std::string(name) + "\"}";
      co_await ask("/_sim/fault", fault);
      EXPECT_EQ(last_status_, 200U) << name;
      TestClient client(io_);
      const json::object answer = co_await hello(client);
      EXPECT_EQ(answer.at("ok"), false) << name;
      const Refusal refusal = *refusal_named(name, Protocol::kV4);
      EXPECT_EQ(co_await client.closed(), refusal.close_code) << name;
    }
    TestClient client(io_);
    EXPECT_EQ((co_await hello(client)).at("ok"), true);
  });
}

TEST_F(ServerTest, VerifiesDevicesAndPairsThem) {
  Options options = options_for(Protocol::kV4);
  options.pairing = true;
  start(options);
  const TestDevice device;
  play([&]() -> Wait {
    const auto attempt = [&](TestClient& client) -> asio::awaitable<json::object> {
      co_await client.open(server_->port());
      json::object params = connect_params();
      params["device"] = device.claim(client, params);
      co_return co_await client.call("connect", json::serialize(params));
    };
    TestClient first(io_);
    json::object answer = co_await attempt(first);
    EXPECT_EQ(answer.at("error").at("code"), "NOT_PAIRED");
    const json::object details = answer.at("error").at("details").as_object();
    EXPECT_EQ(details.at("reason"), "not-paired");
    EXPECT_EQ(details.at("deviceId"), device.id().c_str());
    TestClient second(io_);
    answer = co_await attempt(second);
    EXPECT_EQ(answer.at("error").at("details").at("requestId"), details.at("requestId"));
    co_await ask("/_sim/devices/approve",
                 R"({"requestId":)" + json::serialize(details.at("requestId")) + '}');
    TestClient third(io_);
    answer = co_await attempt(third);
    EXPECT_EQ(answer.at("ok"), true);
    EXPECT_TRUE(answer.at("payload").at("auth").as_object().contains("deviceToken"));
  });
}

TEST_F(ServerTest, RefusesAForgedDevice) {
  start(Protocol::kV4);
  const TestDevice device;
  play([&]() -> Wait {
    TestClient client(io_);
    co_await client.open(server_->port());
    json::object params = connect_params();
    params["device"] = device.claim(client, params);
    params["scopes"] = json::parse(R"(["operator.admin"])");  // not what was signed
    const json::object answer = co_await client.call("connect", json::serialize(params));
    EXPECT_EQ(answer.at("error").at("details").at("code"), "DEVICE_AUTH_SIGNATURE_INVALID");
  });
}

TEST_F(ServerTest, AcceptsTheDeviceTokenItGave) {
  start(Protocol::kV4);
  const TestDevice device;
  play([&]() -> Wait {
    json::object params = connect_params();
    TestClient first(io_);
    co_await first.open(server_->port());
    params["device"] = device.claim(first, params);
    json::object answer = co_await first.call("connect", json::serialize(params));
    const json::value token = answer.at("payload").at("auth").at("deviceToken");
    params["auth"] = json::parse(R"({"deviceToken":)" + json::serialize(token) + '}');
    TestClient second(io_);
    co_await second.open(server_->port());
    params["device"] = device.claim(second, params);
    answer = co_await second.call("connect", json::serialize(params));
    EXPECT_EQ(answer.at("ok"), true);
    EXPECT_EQ(answer.at("payload").at("auth").at("method"), "device-token");
  });
}

TEST_F(ServerTest, ServesTheRestEndpointsAsConfigured) {
  start(Protocol::kV4);
  play([&]() -> Wait {
    co_await ask("/api/agents");
    EXPECT_EQ(last_status_, 401U);
    const std::string body = co_await ask("/api/agents", {}, "demo-token");
    EXPECT_EQ(last_status_, 200U);
    EXPECT_EQ(json::parse(body).at("agents").as_array().size(), 3U);
    EXPECT_THAT(co_await ask("/healthz"), HasSubstr(R"("status":"live")"));
    co_await ask("/_sim/rest", R"({"mode":"off"})");
    EXPECT_EQ(co_await ask("/api/agents", {}, "demo-token"), "Not Found");
    EXPECT_EQ(last_status_, 404U);
    co_await ask("/_sim/rest", R"({"mode":"html"})");
    EXPECT_THAT(co_await ask("/api/agents", {}, "demo-token"), HasSubstr("<html>"));
    const std::string tool = co_await ask(
        "/tools/invoke", R"({"tool":"sessions_list","args":{"limit":2}})", "demo-token");
    EXPECT_EQ(json::parse(tool).at("result").at("details").at("count"), 2);
    EXPECT_THAT(co_await ask("/_sim/stats"), HasSubstr(R"("restHits":4)"));
  });
}

TEST_F(ServerTest, FaultsStrikeTheConnection) {
  start(Protocol::kV4);
  play([&]() -> Wait {
    TestClient client(io_);
    co_await hello(client);
    co_await client.call("sessions.subscribe");
    const std::vector<std::string> kinds = kinds_of_bad_frames();
    for (const std::string& kind : kinds) {
      co_await ask("/_sim/fault", std::string(R"({"kind":")") + kind + "\"}");
      EXPECT_EQ(last_status_, 200U);
    }
    co_await ask("/_sim/fault", R"({"kind":"unheard-of"})");
    EXPECT_EQ(last_status_, 400U);
    co_await ask("/_sim/fault", R"({"kind":"close","code":4001,"reason":"gateway auth changed"})");
    EXPECT_EQ(co_await client.closed(), 4001U);
    TestClient other(io_);
    co_await hello(other);
    co_await ask("/_sim/fault", R"({"kind":"drop"})");
    EXPECT_EQ(co_await other.closed(), 1006U);
  });
}

TEST_F(ServerTest, ARunThatIsAskedForIsPlayed) {
  start(Protocol::kV4);
  play([&]() -> Wait {
    TestClient client(io_);
    co_await hello(client);
    co_await client.call("sessions.subscribe");
    co_await ask("/_sim/run", R"({"agentId":"otto","durationMs":30,"outcome":"failed"})");
    EXPECT_EQ(last_status_, 200U);
    while (true) {
      const json::object event = co_await client.next_event("sessions.changed");
      const json::object& payload = event.at("payload").as_object();
      if (!payload.contains("phase") || payload.at("phase") != "error") continue;
      EXPECT_EQ(payload.at("session").at("status"), "failed");
      EXPECT_EQ(payload.at("agentId"), "otto");
      break;
    }
  });
}

TEST_F(ServerTest, AnApprovalWaitsUntilItIsResolved) {
  start(Protocol::kV4);
  play([&]() -> Wait {
    TestClient client(io_);
    const json::object asked = co_await approval_asked(client);
    json::object answer = co_await client.call("exec.approval.list");
    EXPECT_EQ(answer.at("payload").as_array().size(), 1U);
    const std::string decision =
        R"({"decision":"allow-once","id":)" + json::serialize(asked.at("payload").at("id")) + '}';
    answer = co_await client.call("exec.approval.resolve", decision);
    EXPECT_EQ(answer.at("ok"), true);
    // The same again is fine; anything else is too late.
    answer = co_await client.call("exec.approval.resolve", decision);
    EXPECT_EQ(answer.at("ok"), true);
    const std::string other =
        R"({"decision":"deny","id":)" + json::serialize(asked.at("payload").at("id")) + '}';
    answer = co_await client.call("exec.approval.resolve", other);
    EXPECT_EQ(answer.at("error").at("details").at("reason"), "APPROVAL_ALREADY_RESOLVED");
    answer = co_await client.call("exec.approval.resolve", R"({"decision":"deny","id":"none"})");
    EXPECT_EQ(answer.at("error").at("details").at("reason"), "APPROVAL_NOT_FOUND");
    answer = co_await client.call("exec.approval.resolve", R"({"decision":"maybe","id":"none"})");
    EXPECT_EQ(answer.at("error").at("message"), "invalid decision");
  });
}

TEST_F(ServerTest, ACallGoesWrongAsItIsOrdered) {
  start(Protocol::kV4);
  play([&]() -> Wait {
    TestClient client(io_);
    co_await hello(client);
    co_await ask("/_sim/fault", R"({"kind":"refuse-call","method":"chat.abort","message":"no"})");
    json::object answer = co_await client.call("health");
    EXPECT_EQ(answer.at("ok"), true);
    answer = co_await client.call("chat.abort", R"({"sessionKey":"agent:otto:main"})");
    EXPECT_EQ(answer.at("error").at("message"), "no");
    answer = co_await client.call("chat.abort", R"({"sessionKey":"agent:otto:main"})");
    EXPECT_EQ(answer.at("ok"), true);
  });
}

TEST_F(ServerTest, AnotherOperatorIsFaster) {
  start(Protocol::kV4);
  play([&]() -> Wait {
    TestClient client(io_);
    const json::object asked = co_await approval_asked(client);
    co_await ask("/_sim/fault", R"({"kind":"race","method":"exec.approval.resolve"})");
    const std::string decision =
        R"({"decision":"allow-once","id":)" + json::serialize(asked.at("payload").at("id")) + '}';
    const json::object answer = co_await client.call("exec.approval.resolve", decision);
    EXPECT_EQ(answer.at("error").at("details").at("reason"), "APPROVAL_ALREADY_RESOLVED");
  });
}

TEST_F(ServerTest, ThrowsOutAClientThatDoesNotRead) {
  Options options = options_for(Protocol::kV4);
  options.max_buffered_bytes = 100'000;
  start(options);
  play([&]() -> Wait {
    TestClient client(io_);
    co_await hello(client);
    co_await client.call("sessions.subscribe");
    // More than the sockets take, then one event too many.
    co_await ask("/_sim/fault", R"({"kind":"oversized","bytes":20000000})");
    co_await ask("/_sim/sessions", R"({"op":"patch","key":"agent:main:main","label":"x"})");
    EXPECT_EQ(gateway_->stats().slow_consumers, 1U);
  });
}

TEST_F(ServerTest, EmitsAtTheRateThatIsAskedFor) {
  Options options = options_for(Protocol::kV4);
  options.events_per_second = 2000;
  start(options);
  play([&]() -> Wait {
    TestClient client(io_);
    co_await hello(client);
    co_await client.call("sessions.subscribe");
    std::int64_t last = 0;
    for (int i = 0; i < 500; ++i) {
      const json::object event = co_await client.read();
      const std::int64_t seq = event.at("seq").as_int64();
      EXPECT_GT(seq, last);
      last = seq;
    }
    EXPECT_GE(gateway_->stats().events_made, 500U);
  });
}

// NOLINTEND(cppcoreguidelines-avoid-capturing-lambda-coroutines)

}  // namespace
}  // namespace cc::sim
