// Attacks and mishandling, over a real connection; each test names what it fends off.

#include <gmock/gmock.h>

#include "api/routes/table.h"
#include "api/testing/running_server.h"

namespace cc::api {
namespace {

using testing::Answer;
using ::testing::HasSubstr;
using testing::kAdminToken;
using testing::kOperatorToken;
using testing::kViewerToken;
using ::testing::Not;
using testing::RawClient;
using testing::RunningServer;

std::string with_login(std::string_view rest) {
  return "Host: localhost\r\nAuthorization: Bearer " + std::string(kViewerToken) + "\r\n" +
         std::string(rest) + "\r\n";
}

std::string sample(std::string_view path) {
  std::string out(path == "/{asset*}" ? "/" : path);
  while (out.find('{') != std::string::npos) {
    out.replace(out.find('{'), out.find('}') - out.find('{') + 1, "x");
  }
  return out;
}

Answer ask_route(const RunningServer& server, const Route& route, std::string_view token,
                 std::string_view more) {
  return server.ask(text(route.method), sample(route.path), token, {}, more);
}

/// Every route without a login, with a wrong one, and with roles below the one it needs.
TEST(Hardening, EveryRouteAsksForItsRole) {
  RunningServer server;
  for (const Route& route : all_routes()) {
    if (route.policy.is_open()) continue;
    const std::string name = std::string(text(route.method)) + " " + std::string(route.path);
    const auto nobody = ask_route(server, route, "", "");
    EXPECT_EQ(nobody.status, 401) << name;
    EXPECT_EQ(nobody.header("www-authenticate"), "Bearer") << name;
    EXPECT_EQ(ask_route(server, route, "wrong", "").status, 401) << name;
    const bool viewer_may = route.policy.role() == auth::Role::kViewer;
    if (viewer_may) continue;
    EXPECT_EQ(ask_route(server, route, kViewerToken, "").status, 403) << name;
    const bool operator_may = route.policy.role() == auth::Role::kOperator;
    EXPECT_EQ(ask_route(server, route, kOperatorToken, "").status == 403, !operator_may) << name;
  }
}

/// DNS rebinding: the name of somebody else on any path, signed in or not, is refused before
/// anything else.
TEST(Hardening, NoRouteAnswersToAForeignHost) {
  RunningServer server;
  for (const auto* target :
       {"/", "/healthz", "/api/v1/fleet", "/api/nothing", "/x/../api", "*", "/%zz"}) {
    RawClient client(server.port());
    client.send("GET " + std::string(target) +
                " HTTP/1.1\r\nHost: evil.example:" + std::to_string(server.port()) +
                "\r\nAuthorization: Bearer " + std::string(kAdminToken) + "\r\n\r\n");
    EXPECT_EQ(client.read().status, 421) << target;
  }
}

TEST(Hardening, AllowedHostsAreAnswered) {
  RunningServer server({.fleet = {}, .allowed_hosts = {"cc.example"}, .limits = {}});
  RawClient client(server.port());
  client.send("GET /healthz HTTP/1.1\r\nHost: CC.example\r\n\r\n");
  EXPECT_EQ(client.read().status, 200);
}

/// No Host, two Hosts, or one that two programs might read differently.
TEST(Hardening, ADoubtfulHostIsRefused) {
  RunningServer server;
  for (const auto* head :
       {"GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        "GET / HTTP/1.1\r\nHost:\r\n\r\n", "GET / HTTP/1.1\r\nHost: a@localhost\r\n\r\n"}) {
    RawClient client(server.port());
    client.send(head);
    EXPECT_EQ(client.read().status, 400) << head;
  }
}

/// The target may hold the name that is asked for: it counts, and what Host says does not.
TEST(Hardening, AnAbsoluteTargetIsAnsweredAndGuarded) {
  RunningServer server;
  const auto status = [&](std::string_view target, std::string_view host) {
    RawClient client(server.port());
    client.send("GET " + std::string(target) + " HTTP/1.1\r\nHost: " + std::string(host) +
                "\r\n\r\n");
    return client.read().status;
  };
  EXPECT_EQ(status("http://localhost/healthz", "localhost"), 200);
  EXPECT_EQ(status("http://localhost:1/healthz", "other.example"), 200);
  EXPECT_EQ(status("http://evil.example/healthz", "localhost"), 421);
  EXPECT_EQ(status("http://a@localhost/healthz", "localhost"), 400);
}

/// What balancers ask, some of them in the HTTP of 1996.
TEST(Hardening, HealthChecksAreAnsweredHoweverTheyAreAsked) {
  RunningServer server;
  for (const auto* head : {"GET /healthz HTTP/1.0\r\n\r\n", "OPTIONS / HTTP/1.0\r\n\r\n",
                           "OPTIONS / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                           "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
                           "\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                           "GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n"}) {
    RawClient client(server.port());
    client.send(head);
    EXPECT_EQ(client.read().status, 200) << head;
  }
  EXPECT_EQ(server.ask("OPTIONS", "/healthz", "").header("allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(server.ask("OPTIONS", "/api/v1/fleet", "").status, 401);
  RawClient evil(server.port());
  evil.send("OPTIONS * HTTP/1.1\r\nHost: evil.example\r\n\r\n");
  EXPECT_EQ(evil.read().status, 421);
}

/// Cross-site request forgery: a page elsewhere writes with the browser's cookie.
TEST(Hardening, ForeignWritesAreRefused) {
  RunningServer server;
  const std::string evil = "Origin: http://evil.example\r\n";
  for (const Route& route : all_routes()) {
    if (!writes(route.method)) continue;
    EXPECT_EQ(ask_route(server, route, kAdminToken, evil).status, 403) << route.path;
    EXPECT_EQ(ask_route(server, route, kAdminToken, "Sec-Fetch-Site: same-site\r\n").status, 403);
  }
  EXPECT_EQ(server.ask("OPTIONS", "/api/v1/fleet", "", {}, evil).status, 403);
}

/// A page elsewhere makes the browser ask: it could not read the answer, but it could hold a stream
/// or have a large list made.
TEST(Hardening, ReadsThatAnotherSiteCausedAreRefused) {
  RunningServer server;
  for (const Route& route : all_routes()) {
    if (route.policy.is_open() || writes(route.method)) continue;
    for (const auto* site : {"cross-site", "same-site", "rubbish"}) {
      const std::string said = "Sec-Fetch-Site: " + std::string(site) + "\r\n";
      EXPECT_EQ(ask_route(server, route, kAdminToken, said).status, 403) << route.path;
      EXPECT_EQ(ask_route(server, route, "", said).status, 401) << route.path;
    }
    const auto own = ask_route(server, route, kAdminToken, "Sec-Fetch-Site: same-origin\r\n");
    EXPECT_NE(own.status, 403) << route.path;
  }
  EXPECT_EQ(server.get("/", "", "Sec-Fetch-Site: cross-site\r\n").status, 200) << "a link to us";
}

/// Cross-site reading: nothing here ever invites another origin.
TEST(Hardening, NoAnswerInvitesOtherOrigins) {
  RunningServer server;
  for (const auto* target : {"/", "/healthz", "/api/v1/fleet", "/api/nothing"}) {
    const auto answer = server.get(target, kViewerToken, "Origin: http://evil.example\r\n");
    EXPECT_EQ(answer.headers.count("access-control-allow-origin"), 0U);
    EXPECT_EQ(answer.header("cross-origin-resource-policy"), "same-origin");
    EXPECT_EQ(answer.header("cross-origin-opener-policy"), "same-origin");
    EXPECT_EQ(answer.header("x-content-type-options"), "nosniff");
    EXPECT_EQ(answer.header("referrer-policy"), "no-referrer");
    EXPECT_THAT(answer.header("content-security-policy"), HasSubstr("default-src 'none'"));
    EXPECT_THAT(answer.header("content-security-policy"), HasSubstr("frame-ancestors 'none'"));
    EXPECT_EQ(answer.headers.count("server"), 0U);
  }
}

TEST(Hardening, AnswersOfTheApiAreNotKept) {
  RunningServer server;
  for (const auto* target : {"/api/v1/fleet", "/api/nothing", "/metrics", "/readyz", "/healthz"}) {
    EXPECT_EQ(server.get(target).header("cache-control"), "no-store") << target;
  }
  EXPECT_EQ(server.get("/api/v1/fleet", "").header("cache-control"), "no-store");
}

TEST(Hardening, UnknownPathsAndMethodsAreToldOnlyToThoseSignedIn) {
  RunningServer server;
  EXPECT_EQ(server.get("/api/nothing", "").status, 401);
  EXPECT_EQ(server.get("/api/nothing").status, 404);
  EXPECT_EQ(server.get("/metrics/nothing").status, 404);
  EXPECT_EQ(server.ask("PUT", "/api/v1/fleet", "").status, 401);
  const auto wrong = server.ask("PUT", "/api/v1/fleet", kViewerToken);
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.header("allow"), "GET, HEAD");
  EXPECT_EQ(server.ask("POST", "/healthz", "").status, 405);
  EXPECT_EQ(server.ask("DELETE", "/", "").status, 405);
  EXPECT_EQ(server.ask("BREW", "/api/v1/fleet", kViewerToken).status, 405);
}

/// A form of another site can send text/plain without asking first; it is no way to write here.
TEST(Hardening, WritesAreJson) {
  RunningServer server;
  const std::string body = R"({"token":"x"})";
  for (const auto* type :
       {"text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""}) {
    RawClient client(server.port());
    client.send(
        "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + std::string(type) +
        "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    EXPECT_EQ(client.read().status, 415) << type;
  }
  RawClient client(server.port());
  client.send(
      "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
      "Application/JSON; charset=utf-8\r\nContent-Length: 13\r\n\r\n" +
      body);
  EXPECT_EQ(client.read().status, 401);
}

/// Request smuggling: a proxy ahead of us and we must not see different requests in the same bytes.
TEST(Hardening, DoubtfulFramingEndsTheConnection) {
  RunningServer server;
  const std::string start =
      "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
  for (const auto& rest : {
           std::string("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / "
                       "HTTP/1.1\r\n"),
           std::string("Content-Length: 4\r\nContent-Length: 9\r\n\r\nGET / HTTP/1.1\r\n"),
           std::string("Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
           std::string("Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
           std::string("X: y\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
           std::string("Content-Length: 0\n\r\n"),
           std::string("Content-Length: -1\r\n\r\n"),
           std::string("Content-Length: 0x4\r\n\r\n"),
       }) {
    RawClient client(server.port());
    client.send(start + rest);
    const auto answer = client.read();
    EXPECT_TRUE(answer.status == 400 || answer.status == 501) << rest << answer.status;
    EXPECT_EQ(answer.header("connection"), "close");
    EXPECT_TRUE(client.is_closed());
  }
}

TEST(Hardening, RubbishIsAnsweredAndTheConnectionEnded) {
  RunningServer server;
  for (const auto* rubbish :
       {"\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/1.1\r\nNo colon\r\n\r\n",
        "GET / HTTP/1.1\r\n: x\r\n\r\n", "\x16\x03\x01\n", "GET /\x01 HTTP/1.1\r\n\r\n"}) {
    RawClient client(server.port());
    client.send(rubbish);
    EXPECT_EQ(client.read().status, 400) << rubbish;
    EXPECT_TRUE(client.is_closed());
  }
}

TEST(Hardening, SizesAreLimited) {
  RunningServer server;
  EXPECT_EQ(server.get("/?" + std::string(9000, 'x'), "").status, 414);
  EXPECT_EQ(server.get("/healthz", "", "X: " + std::string(17'000, 'x') + "\r\n").status, 431);
  const std::string large = R"({"token":")" + std::string(66'000, 'x') + R"("})";
  EXPECT_EQ(server.ask("POST", "/api/v1/session", "", large).status, 413);
}

TEST(Hardening, ChunkedBodiesAreLimitedAsTheyArrive) {
  RunningServer server;
  RawClient client(server.port());
  client.send(
      "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\n\r\n20000\r\n" +
      std::string(0x20000, 'x') + "\r\n0\r\n\r\n");
  EXPECT_EQ(client.read().status, 413);
}

/// Memory, by what is no body: an extension or a trailer without end, endless zeros as a size.
TEST(Hardening, WhatIsAroundTheChunksOfABodyIsBounded) {
  RunningServer server;
  const std::string much(64 * 1024, 'x');
  std::string trailers;
  std::string extensions;
  for (int i = 0; i < 5000; ++i) {
    trailers += "a: b\r\n";
    extensions += "1;abcd\r\nx\r\n";
  }
  for (const auto& endless : {"1;" + much, "1" + much, std::string(64 * 1024, '0'),
                              "0\r\nX: " + much, "0\r\n" + trailers, extensions}) {
    for (const auto* line : {"GET /healthz", "POST /api/v1/session"}) {
      RawClient client(server.port());
      client.send(std::string(line) +
                  " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                  "Transfer-Encoding: chunked\r\n\r\n" +
                  endless);
      const auto answer = client.read();
      EXPECT_TRUE(answer.status == 431 || answer.status == 400) << answer.status;
      EXPECT_TRUE(client.is_closed());
    }
  }
}

TEST(Hardening, ARequestAfterAChunkedOneIsUnderstood) {
  RunningServer server;
  RawClient client(server.port());
  client.send(
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3;a=\"b\"\r\nabc\r\n0\r\nTrailer: x\r\n\r\n"
      "GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(client.read().body, R"({"status":"ok"})");
  EXPECT_EQ(client.read().status, 200);
}

TEST(Hardening, NobodyMakesUsReadABodyThatIsRefused) {
  RunningServer server;
  RawClient client(server.port());
  client.send(
      "POST /api/v1/tokens HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Content-Length: 60000\r\nExpect: 100-continue\r\n\r\n");
  const auto answer = client.read();
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.header("connection"), "close");
}

TEST(Hardening, ABodyThatIsWantedIsAskedFor) {
  RunningServer server;
  RawClient client(server.port());
  client.send(
      "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Content-Length: 13\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read(true).status, 100);
  client.send(R"({"token":"x"})");
  EXPECT_EQ(client.read().status, 401);
}

/// Slow header (slowloris): a byte now and then does not keep a connection.
TEST(Hardening, AHeadThatDoesNotComeEndsTheConnection) {
  RunningServer server({.fleet = {}, .allowed_hosts = {}, .limits = {.head_deadline = Millis(50)}});
  RawClient silent(server.port());
  RawClient slow(server.port());
  slow.send("GET / HT");
  EXPECT_TRUE(silent.is_closed());
  EXPECT_TRUE(slow.is_closed());
}

TEST(Hardening, ABodyThatDoesNotComeEndsTheConnection) {
  RunningServer server({.fleet = {}, .allowed_hosts = {}, .limits = {.body_deadline = Millis(50)}});
  RawClient client(server.port());
  client.send(
      "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Content-Length: 13\r\n\r\n{");
  (void)client.read();
  EXPECT_TRUE(client.is_closed());
}

TEST(Hardening, AnIdleConnectionIsKeptForAWhileOnly) {
  RunningServer server({.fleet = {}, .allowed_hosts = {}, .limits = {.idle_deadline = Millis(50)}});
  RawClient client(server.port());
  client.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(client.read().status, 200);
  EXPECT_TRUE(client.is_closed());
}

TEST(Hardening, ConnectionsAreLimitedAndGivenBack) {
  RunningServer server({.fleet = {}, .allowed_hosts = {}, .limits = {.connections = 2}});
  {
    RawClient first(server.port());
    RawClient second(server.port());
    first.send("GET /api/v1/stream HTTP/1.1\r\n" + with_login(""));
    second.send("GET /api/v1/stream HTTP/1.1\r\n" + with_login(""));
    EXPECT_EQ(first.read().status, 200);
    EXPECT_EQ(second.read().status, 200);
    RawClient third(server.port());
    third.send("GET /healthz HTTP/1.1\r\n" + with_login(""));
    EXPECT_EQ(third.read().status, 503);
  }
  // The server hears of the closed streams in its own time; each answer of it is a step of that.
  int status = 0;
  for (int tries = 0; status != 200 && tries < 1000; ++tries) {
    status = server.get("/healthz", "").status;
  }
  EXPECT_EQ(status, 200);
}

/// Half-open connections fill every place, and those that have something to ask still get in.
TEST(Hardening, HalfOpenConnectionsMakeRoomForRequests) {
  RunningServer server({.limits = {.connections = 4}});
  std::vector<std::unique_ptr<RawClient>> half_open;
  for (int i = 0; i < 12; ++i) {
    half_open.push_back(std::make_unique<RawClient>(server.port()));
    if (i % 2 == 1) half_open.back()->send("GET / HTTP/1.1\r\nHost: loc");
  }
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(server.get("/healthz", "").status, 200);
    EXPECT_EQ(server.get("/api/v1/status").status, 200);
  }
  EXPECT_TRUE(half_open.front()->is_closed());
}

/// Requests whose head is whole and whose body never comes fill every place.
TEST(Hardening, RequestsWithoutTheirBodyMakeRoomForOthers) {
  for (const auto* line : {"GET /healthz", "POST /api/v1/session"}) {
    RunningServer server({.limits = {.connections = 4}});
    std::vector<std::unique_ptr<RawClient>> without;
    for (int i = 0; i < 12; ++i) {
      without.push_back(std::make_unique<RawClient>(server.port()));
      without.back()->send(std::string(line) +
                           " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                           "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n");
      EXPECT_EQ(without.back()->read(true).status, 100) << "so its head has been read";
    }
    for (int i = 0; i < 3; ++i) EXPECT_EQ(server.get("/healthz", "").status, 200);
    EXPECT_TRUE(without.front()->is_closed());
  }
}

/// Answers that are asked for and never taken fill every place.
TEST(Hardening, AnswersThatNobodyTakesMakeRoomForOthers) {
  RunningServer server({.limits = {.connections = 4}});
  server.commit(200, 5'000);
  const std::string page = "GET /api/v1/events?limit=200 HTTP/1.1\r\n" + with_login("");
  std::vector<std::unique_ptr<RawClient>> asking;
  for (int i = 0; i < 4; ++i) {
    asking.push_back(std::make_unique<RawClient>(server.port()));
    for (int pages = 0; pages < 20; ++pages) asking.back()->send(page);
    (void)asking.back()->read_until("HTTP/1.1 200");
  }
  // The server goes on writing until the sockets are full; each answer of it is a step of that.
  int status = 0;
  for (int tries = 0; status != 200 && tries < 1000; ++tries) {
    status = server.get("/healthz", "").status;
  }
  EXPECT_EQ(status, 200);
}

TEST(Hardening, ConnectionsAreKeptAndPipelinedRequestsAnsweredInOrder) {
  RunningServer server;
  RawClient client(server.port());
  client.send(
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /nothing HTTP/1.1\r\n"
      "Host: evil.example\r\n\r\nGET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: "
      "close\r\n\r\n");
  EXPECT_EQ(client.read().status, 200);
  EXPECT_EQ(client.read().status, 421);
  const auto last = client.read();
  EXPECT_EQ(last.status, 200);
  EXPECT_EQ(last.header("connection"), "close");
  EXPECT_TRUE(client.is_closed());
}

/// A secret that was sent to us is nowhere in what we say or write.
TEST(Hardening, SecretsAreNotRepeated) {
  RunningServer server;
  const std::string secret = "canary-3f9a";
  const auto wrong = server.ask("POST", "/api/v1/session", "", R"({"token":")" + secret + R"("})");
  const auto odd = server.ask("POST", "/api/v1/session", "", R"({"tken":")" + secret + R"("})");
  const auto bearer = server.get("/api/v1/fleet", secret);
  const auto figures = server.get("/metrics").body;
  const auto in = server.ask("POST", "/api/v1/session", "",
                             R"({"token":")" + std::string(kAdminToken) + R"("})");
  EXPECT_EQ(in.status, 204);
  server.stop();
  for (const auto& said : {wrong.body, odd.body, bearer.body, figures, server.log()}) {
    EXPECT_THAT(said, Not(HasSubstr(secret)));
    EXPECT_THAT(said, Not(HasSubstr(std::string(kAdminToken))));
    EXPECT_THAT(said, Not(HasSubstr(std::string(testing::kCookie))));
  }
}

/// Wrong sign-ins as fast as they come.
TEST(Hardening, RefusedSignInsAreFoldedInTheLog) {
  RunningServer server;
  for (int i = 0; i < 30; ++i) {
    EXPECT_EQ(server.ask("POST", "/api/v1/session", "", R"({"token":"guess"})").status, 401);
  }
  server.auth.limited = true;
  EXPECT_EQ(server.ask("POST", "/api/v1/session", "", R"({"token":"guess"})").status, 429);
  server.stop();
  const auto log = server.log();
  const auto first = log.find("sign-in refused");
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(log.find("sign-in refused", first + 1), std::string::npos);
}

TEST(Hardening, AStreamEndsOnceItsLoginNoLongerCounts) {
  RunningServer server;
  RawClient client(server.port());
  client.send("GET /api/v1/stream HTTP/1.1\r\n" + with_login(""));
  EXPECT_EQ(client.read().status, 200);
  (void)client.read_until("retry:");  // so the stream has begun, and its time with it
  server.auth.revoked = true;
  server.clock.advance(std::chrono::seconds(5));
  (void)client.read_until("never said");
  EXPECT_TRUE(client.is_closed());
}

}  // namespace
}  // namespace cc::api
