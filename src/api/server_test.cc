// The routes, asked over a real connection.

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "api/testing/running_server.h"

namespace cc::api {
namespace {

namespace json = boost::json;
using testing::Answer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::kAdminToken;
using testing::kOperatorToken;
using testing::kViewerToken;
using ::testing::Not;
using testing::RawClient;
using testing::RunningServer;

json::value parse(const Answer& answer) {
  return json::parse(answer.body);
}

std::string text_at(const json::value& value, std::string_view pointer) {
  json::error_code missing;
  const auto* found = value.find_pointer({pointer.data(), pointer.size()}, missing);
  return found == nullptr ? "nothing" : json::serialize(*found);
}

fleet::Fleet some_fleet() {
  fleet::Fleet fleet;
  for (const auto* name : {"alpha", "beta"}) {
    auto gateway = std::make_shared<fleet::Gateway>();
    gateway->name = name;
    gateway->state = std::string_view(name) == "alpha" ? fleet::GatewayState::kLive
                                                       : fleet::GatewayState::kOffline;
    fleet.put(std::shared_ptr<const fleet::Gateway>(gateway));
    auto agent = std::make_shared<fleet::Agent>();
    agent->gateway = name;
    agent->id = "otto/α";
    agent->name = "Otto";
    agent->reported_status = fleet::AgentStatus::kWorking;
    fleet.put(std::shared_ptr<const fleet::Agent>(agent));
  }
  for (int i = 0; i < 5; ++i) {
    fleet::SessionRow session;
    session.gateway = "alpha";
    session.key = "agent:otto:" + std::to_string(i);
    session.updated_at = 100 - i;
    fleet.put(fleet::PackedSession::make(session));
  }
  return fleet;
}

class Api : public ::testing::Test {
 protected:
  RunningServer server_{{.fleet = some_fleet(), .allowed_hosts = {}, .limits = {}}};
};

void expect_problem(const Answer& answer, int status) {
  EXPECT_EQ(answer.status, status) << answer.body;
  EXPECT_EQ(answer.header("content-type"), "application/problem+json");
  const auto body = parse(answer);
  EXPECT_EQ(text_at(body, "/status"), std::to_string(status));
  for (const auto* member : {"/type", "/title", "/detail"}) {
    EXPECT_NE(text_at(body, member), "nothing") << member;
  }
}

TEST_F(Api, ShowsTheFleetWithItsCursorAndEveryCount) {
  server_.commit(3);
  const auto answer = server_.get("/api/v1/fleet");
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-type"), "application/json");
  const auto body = parse(answer);
  EXPECT_EQ(text_at(body, "/cursor"), "\"" + server_.cursor() + "\"");
  EXPECT_EQ(text_at(body, "/gateways/0/name"), "\"alpha\"");
  EXPECT_EQ(text_at(body, "/agents/0/status"), "\"working\"");
  EXPECT_EQ(text_at(body, "/agents/1/status"), "\"unknown\"");
  EXPECT_EQ(text_at(body, "/agents/1/reportedStatus"), "\"working\"");
  EXPECT_EQ(text_at(body, "/counts"),
            R"({"agents":{"offline":0,"unknown":1,"waiting":0,"stalled":0,"working":1,)"
            R"("error":0,"idle":0},"sessions":5})");
}

TEST_F(Api, ListsRowsAPageAtATime) {
  const auto first = parse(server_.get("/api/v1/sessions?limit=3&sort=-updatedAt"));
  EXPECT_EQ(text_at(first, "/total"), "5");
  EXPECT_EQ(text_at(first, "/items/0/key"), "\"agent:otto:0\"");
  EXPECT_EQ(text_at(first, "/items/3"), "nothing");
  EXPECT_EQ(text_at(first, "/cursor"), "\"" + server_.cursor() + "\"");
  const std::string next(first.at("next").as_string());
  const auto second = parse(server_.get("/api/v1/sessions?limit=3&sort=-updatedAt&page=" + next));
  EXPECT_EQ(text_at(second, "/items/0/key"), "\"agent:otto:3\"");
  EXPECT_EQ(text_at(second, "/next"), "null");
}

TEST_F(Api, ListsEveryKindOfRow) {
  EXPECT_EQ(text_at(parse(server_.get("/api/v1/gateways?state=live")), "/items/0/name"),
            "\"alpha\"");
  EXPECT_EQ(text_at(parse(server_.get("/api/v1/agents?status=unknown")), "/total"), "1");
  EXPECT_EQ(text_at(parse(server_.get("/api/v1/agents?q=OTTO")), "/total"), "2");
  EXPECT_EQ(text_at(parse(server_.get("/api/v1/presence")), "/items"), "[]");
}

TEST_F(Api, NamesTheParameterThatItCannotUse) {
  for (const auto* target : {"/api/v1/sessions?bogus=1", "/api/v1/events?bogus=1",
                             "/api/v1/fleet?bogus=1", "/api/v1/stream?bogus=1"}) {
    const auto answer = server_.get(target);
    expect_problem(answer, 400);
    EXPECT_EQ(text_at(parse(answer), "/parameter"), "\"bogus\"");
    EXPECT_THAT(text_at(parse(answer), "/detail"), HasSubstr("bogus"));
  }
  expect_problem(server_.get("/api/v1/sessions?limit=1001"), 400);
  expect_problem(server_.get("/api/v1/sessions?page=x"), 400);
}

TEST_F(Api, ShowsOneRowByItsEncodedIdentity) {
  const auto agent = server_.get("/api/v1/agents/beta/otto%2F%CE%B1");
  ASSERT_EQ(agent.status, 200);
  EXPECT_EQ(text_at(parse(agent), "/status"), "\"unknown\"");
  EXPECT_EQ(server_.get("/api/v1/sessions/alpha/agent:otto:1").status, 200);
  EXPECT_EQ(server_.get("/api/v1/sessions/alpha/agent%3Aotto%3A1").status, 200);
  expect_problem(server_.get("/api/v1/sessions/alpha/nobody"), 404);
  expect_problem(server_.get("/api/v1/sessions/nowhere/agent:otto:1"), 404);
  expect_problem(server_.get("/api/v1/agents/beta/otto/%CE%B1"), 404);
}

TEST_F(Api, PagesThroughTheJournal) {
  server_.commit(5);
  const auto first = parse(server_.get("/api/v1/events?limit=2"));
  EXPECT_EQ(text_at(first, "/events/0/seq"), "1");
  EXPECT_EQ(text_at(first, "/events/1/seq"), "2");
  const std::string cursor(first.at("cursor").as_string());
  const auto second = parse(server_.get("/api/v1/events?after=" + cursor));
  EXPECT_EQ(text_at(second, "/events/0/seq"), "3");
  const std::string end(second.at("cursor").as_string());
  EXPECT_EQ(end, server_.cursor());
  const auto last = parse(server_.get("/api/v1/events?after=" + end));
  EXPECT_EQ(text_at(last, "/events"), "[]");
  EXPECT_EQ(text_at(last, "/cursor"), "\"" + end + "\"");
}

TEST_F(Api, PagesAnEmptyJournal) {
  for (const auto* target : {"/api/v1/events", "/api/v1/events?after=0", "/api/v1/events?after="}) {
    const auto page = parse(server_.get(target));
    EXPECT_EQ(text_at(page, "/events"), "[]");
    EXPECT_EQ(text_at(page, "/cursor"), "\"" + server_.cursor() + "\"");
  }
}

TEST_F(Api, EndsAPageOfTheJournalByItsBytes) {
  server_.commit(30, 100'000);
  const auto page = parse(server_.get("/api/v1/events?limit=1000"));
  EXPECT_LT(page.at("events").as_array().size(), 20U);
  EXPECT_GT(page.at("events").as_array().size(), 5U);
}

TEST_F(Api, SaysWhyACursorCannotBeServed) {
  server_.commit(9);
  const std::string epoch = server_.cursor().substr(0, 8);
  ASSERT_TRUE(server_.store().trim({.keep_since = server_.clock.wall(), .keep_bytes = 200}, 5));
  const std::pair<std::string, const char*> cases[] = {{"rubbish", "malformed"},
                                                       {"5", "malformed"},
                                                       {"zzzzzzzz-1", "epoch"},
                                                       {epoch + "-10", "epoch"},
                                                       {epoch + "-1", "retention"}};
  for (const auto& [after, reason] : cases) {
    const auto answer = server_.get("/api/v1/events?after=" + after);
    expect_problem(answer, 410);
    EXPECT_EQ(text_at(parse(answer), "/reason"), "\"" + std::string(reason) + "\"") << after;
    EXPECT_EQ(text_at(parse(answer), "/cursor"), "\"" + server_.cursor() + "\"");
  }
}

TEST_F(Api, StreamsWhatIsCommitted) {
  RawClient client(server_.port());
  client.send("GET /api/v1/stream?after=0 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " +
              std::string(kViewerToken) + "\r\n\r\n");
  const auto answer = client.read();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-type"), "text/event-stream");
  EXPECT_EQ(answer.header("cache-control"), "no-store");
  EXPECT_EQ(answer.header("x-accel-buffering"), "no");
  EXPECT_EQ(answer.header("transfer-encoding"), "chunked");
  EXPECT_THAT(client.read_until("retry:"), HasSubstr("retry:"));
  server_.commit(1);
  EXPECT_THAT(client.read_until("session.update"), HasSubstr("id: " + server_.cursor()));
}

// Between a question and its reader's place in the stream there may be commits, of which a fleet
// that is loaded meanwhile knows nothing.
TEST_F(Api, StreamsWhatIsNotInTheFleetOfTheMomentItWasAskedFor) {
  server_.commit(2);
  const std::string published = server_.cursor();
  server_.commit_unpublished(1);
  RawClient client(server_.port());
  client.send("GET /api/v1/stream HTTP/1.0\r\nHost: localhost\r\nAuthorization: Bearer " +
              std::string(kViewerToken) + "\r\n\r\n");
  EXPECT_EQ(client.read().status, 200);
  const std::string arrived = client.read_until("session.update");
  EXPECT_THAT(arrived, HasSubstr("id: " + published));
  EXPECT_THAT(arrived, HasSubstr("session.update"));
}

TEST_F(Api, StreamsFromTheHeaderRatherThanTheUrl) {
  server_.commit(3);
  const std::string epoch = server_.cursor().substr(0, 8);
  RawClient client(server_.port());
  client.send("GET /api/v1/stream?after=0 HTTP/1.0\r\nHost: localhost\r\nLast-Event-ID: " + epoch +
              "-2\r\nAuthorization: Bearer " + std::string(kViewerToken) + "\r\n\r\n");
  EXPECT_EQ(client.read().header("transfer-encoding"), "");
  const std::string arrived = client.read_until("-3\n");
  EXPECT_THAT(arrived, HasSubstr("id: " + epoch + "-3"));
  EXPECT_THAT(arrived, Not(HasSubstr("id: " + epoch + "-1")));
}

TEST_F(Api, StreamsAResetRatherThanAnError) {
  RawClient client(server_.port());
  client.send(
      "GET /api/v1/stream?after=rubbish&types=session.update,reset HTTP/1.1\r\n"
      "Host: localhost\r\nAuthorization: Bearer " +
      std::string(kViewerToken) + "\r\n\r\n");
  EXPECT_EQ(client.read().status, 200);
  EXPECT_THAT(client.read_until("malformed"), HasSubstr("event: reset"));
}

TEST_F(Api, RefusesKindsThatAreNone) {
  expect_problem(server_.get("/api/v1/stream?types=session.update,nothing"), 400);
  for (const auto* seconds : {"0", "16", "1.5", "x"}) {
    expect_problem(server_.get(std::string("/api/v1/stream?heartbeat=") + seconds), 400);
  }
}

TEST_F(Api, AnswersHeadOfAStreamWithoutStartingOne) {
  const auto answer = server_.ask("HEAD", "/api/v1/stream", kViewerToken);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-type"), "text/event-stream");
}

TEST_F(Api, EndsStreamsWhenItStops) {
  RawClient client(server_.port());
  client.send("GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " +
              std::string(kViewerToken) + "\r\n\r\n");
  EXPECT_EQ(client.read().status, 200);
  server_.stop();
  EXPECT_THAT(client.read_until("\r\n0\r\n\r\n"), HasSubstr("\r\n0\r\n\r\n"));
}

TEST_F(Api, SignsABrowserInAndOut) {
  const auto in = server_.ask("POST", "/api/v1/session", "",
                              R"({"token":")" + std::string(kViewerToken) + R"("})");
  EXPECT_EQ(in.status, 204);
  EXPECT_EQ(in.header("set-cookie"),
            "control_center_session_" + std::to_string(server_.port()) +
                "=the-cookie-of-the-test; HttpOnly; SameSite=Strict; Path=/; Max-Age=3600");
  EXPECT_EQ(in.header("content-length"), "");
  const std::string cookie = "Cookie: control_center_session=the-cookie-of-the-test\r\n";
  const auto who = server_.get("/api/v1/session", "", cookie);
  EXPECT_EQ(who.body, R"({"name":"eye","role":"viewer"})");
  const auto out = server_.ask("DELETE", "/api/v1/session", "", {}, cookie);
  EXPECT_EQ(out.status, 204);
  EXPECT_THAT(out.header("set-cookie"), HasSubstr("Max-Age=0"));
  expect_problem(server_.get("/api/v1/session", "", cookie), 401);
}

TEST_F(Api, TellsItsPageWhetherSomebodyIsSignedIn) {
  const auto mark = "control_center_signed_in_" + std::to_string(server_.port());
  EXPECT_EQ(server_.get("/", "").header("set-cookie"), "");
  const std::string cookie = "Cookie: control_center_session=the-cookie-of-the-test\r\n";
  EXPECT_THAT(server_.get("/", "", cookie).header("set-cookie"), HasSubstr(mark + "=1"));
  const auto stale = server_.get("/", "", "Cookie: " + mark + "=1\r\n");
  EXPECT_THAT(stale.header("set-cookie"), HasSubstr("Max-Age=0"));
}

TEST_F(Api, RefusesAWrongTokenAndLimitsGuessing) {
  const auto wrong = server_.ask("POST", "/api/v1/session", "", R"({"token":"guess"})");
  expect_problem(wrong, 401);
  EXPECT_EQ(wrong.header("set-cookie"), "");
  EXPECT_EQ(server_.auth.last_address(), "127.0.0.1");
  server_.auth.limited = true;
  const auto limited = server_.ask("POST", "/api/v1/session", "", R"({"token":"guess"})");
  expect_problem(limited, 429);
  EXPECT_EQ(limited.header("retry-after"), "17");
  expect_problem(server_.ask("POST", "/api/v1/session", "", R"({"tokn":"guess"})"), 400);
  expect_problem(server_.ask("POST", "/api/v1/session", "", "rubbish"), 400);
}

TEST_F(Api, ManagesTokens) {
  EXPECT_EQ(
      server_.get("/api/v1/tokens", kAdminToken).body,
      R"({"items":[{"id":"t1","name":"ci","role":"viewer","createdAt":5,"expiresAt":null,"usedAt":null}]})");
  const auto made = server_.ask("POST", "/api/v1/tokens", kAdminToken,
                                R"({"name":"ci","role":"operator","expiresIn":60000})");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(text_at(parse(made), "/token"), "\"cct_secret\"");
  EXPECT_EQ(text_at(parse(made), "/expiresAt"), std::to_string(server_.clock.wall() + 60000));
  for (const auto* body :
       {R"({"role":"viewer"})", R"({"name":"","role":"viewer"})", R"({"name":"a","role":"king"})",
        R"({"name":"a","role":"viewer","expiresIn":-1})",
        R"({"name":"a","role":"viewer","expiresIn":"soon"})"}) {
    expect_problem(server_.ask("POST", "/api/v1/tokens", kAdminToken, body), 400);
  }
  EXPECT_EQ(server_.ask("DELETE", "/api/v1/tokens/t1", kAdminToken).status, 204);
  expect_problem(server_.ask("DELETE", "/api/v1/tokens/t2", kAdminToken), 404);
}

TEST_F(Api, WritesDownWhoCameInAndWhoChangedTokens) {
  const auto sign_in = [&](std::string_view token) {
    return server_.ask("POST", "/api/v1/session", "",
                       R"({"token":")" + std::string(token) + R"("})");
  };
  (void)sign_in("guess");
  (void)sign_in(kViewerToken);
  server_.auth.limited = true;
  (void)sign_in("guess");
  (void)server_.ask("DELETE", "/api/v1/session", "", {},
                    "Cookie: control_center_session=the-cookie-of-the-test\r\n");
  (void)server_.get("/api/v1/fleet", "wrong");
  (void)server_.get("/api/v1/fleet", "");
  (void)server_.ask("POST", "/api/v1/tokens", kAdminToken, R"({"name":"ci","role":"viewer"})");
  (void)server_.ask("DELETE", "/api/v1/tokens/t1", kAdminToken);
  (void)server_.ask("DELETE", "/api/v1/tokens/t2", kAdminToken);
  (void)server_.ask("POST", "/api/v1/backup", kAdminToken);
  EXPECT_THAT(server_.audit.told(),
              ElementsAre("sign-in refused  127.0.0.1 ", "sign-in ok eye 127.0.0.1 ",
                          "sign-in waiting  127.0.0.1 ", "sign-out ok eye 127.0.0.1 ",
                          "request refused  127.0.0.1 ", "token-create ok admin 127.0.0.1 t1 ci",
                          "token-revoke ok admin 127.0.0.1 t1",
                          "token-revoke failed admin 127.0.0.1 t2", "backup ok admin 127.0.0.1 "));
}

TEST_F(Api, ShowsTheAuditRecordAPageAtATime) {
  for (int i = 0; i < 3; ++i) (void)server_.ask("DELETE", "/api/v1/tokens/t1", kAdminToken);
  const auto newest = parse(server_.get("/api/v1/audit?limit=2", kAdminToken));
  EXPECT_EQ(text_at(newest, "/items/0/id"), "3");
  EXPECT_EQ(text_at(newest, "/items/0/event"), "\"token-revoke\"");
  EXPECT_EQ(text_at(newest, "/next"), "2");
  const auto rest = parse(server_.get("/api/v1/audit?limit=2&before=2", kAdminToken));
  EXPECT_EQ(text_at(rest, "/items/0/id"), "1");
  EXPECT_EQ(text_at(rest, "/next"), "null");
  for (const auto* query : {"limit=0", "limit=1001", "limit=x", "before=0", "before=x", "odd=1"}) {
    expect_problem(server_.get("/api/v1/audit?" + std::string(query), kAdminToken), 400);
  }
}

/// Attack: limits by address are evaded, or blame is put on others, by writing the proxy's header.
TEST_F(Api, TheClientOfAProxyIsToldOnlyByOneThatIsTrusted) {
  const std::string body = R"({"token":"guess"})";
  const std::string headers = "X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\n";
  (void)server_.ask("POST", "/api/v1/session", "", body, headers);
  EXPECT_EQ(server_.auth.last_address(), "127.0.0.1");
  RunningServer behind({.trusted_proxies = {"127.0.0.0/8"}});
  (void)behind.ask("POST", "/api/v1/session", "", body, headers);
  EXPECT_EQ(behind.auth.last_address(), "192.0.2.7");
  const auto in = behind.ask("POST", "/api/v1/session", "",
                             R"({"token":")" + std::string(kViewerToken) + R"("})", headers);
  EXPECT_THAT(in.header("set-cookie"), HasSubstr("__Host-control_center_session_"));
  EXPECT_THAT(in.header("set-cookie"), HasSubstr("; Secure;"));
}

TEST_F(Api, SurvivesABugOfItsOwnAndDoesNotSayWhatItWas) {
  server_.auth.broken = true;
  const auto answer = server_.get("/api/v1/tokens", kAdminToken);
  expect_problem(answer, 500);
  EXPECT_THAT(answer.body, Not(HasSubstr("secret")));
  EXPECT_EQ(server_.get("/healthz", "").status, 200);
}

TEST_F(Api, SendsABackupAndLeavesNothingBehind) {
  const auto copy = server_.ask("POST", "/api/v1/backup", kAdminToken);
  EXPECT_EQ(copy.status, 200);
  EXPECT_EQ(copy.header("content-type"), "application/octet-stream");
  EXPECT_EQ(copy.body, std::string(200'000, 'b'));
  EXPECT_TRUE(std::filesystem::is_empty(server_.scratch));
}

TEST_F(Api, TriesAGatewayNowThatIsAwayAndOnlyForAnAdmin) {
  expect_problem(server_.ask("POST", "/api/v1/gateways/beta/retry", kOperatorToken), 403);
  expect_problem(server_.ask("POST", "/api/v1/gateways/alpha/retry", kAdminToken), 409);
  expect_problem(server_.ask("POST", "/api/v1/gateways/gamma/retry", kAdminToken), 404);
  EXPECT_THAT(server_.retried, ElementsAre());
  const auto answer = server_.ask("POST", "/api/v1/gateways/beta/retry", kAdminToken);
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(text_at(parse(answer), "/state"), "\"offline\"");
  EXPECT_THAT(server_.retried, ElementsAre("beta"));
}

TEST_F(Api, TellsWhetherItIsReadyAndWhyOnlyToThoseWhoMayKnow) {
  server_.parts = {{"database", true, ""}, {"gateway:alpha", false, "secret detail"}};
  EXPECT_EQ(server_.get("/healthz", "").body, R"({"status":"ok"})");
  EXPECT_EQ(server_.get("/readyz", "").body, R"({"status":"ok"})");
  EXPECT_THAT(server_.get("/readyz").body, HasSubstr("secret detail"));
  server_.parts.push_back({"ingest", false, "storage fails"});
  EXPECT_EQ(server_.get("/readyz", "").status, 503);
  EXPECT_EQ(server_.get("/readyz", "").body, R"({"status":"unavailable"})");
}

TEST_F(Api, ServesFiguresTheDocumentAndThePage) {
  const auto figures = server_.get("/metrics");
  EXPECT_THAT(figures.header("content-type"), HasSubstr("text/plain"));
  EXPECT_THAT(figures.body, HasSubstr("# TYPE"));
  EXPECT_EQ(text_at(parse(server_.get("/api/openapi.json")), "/openapi"), "\"3.1.0\"");
  const auto page = server_.get("/agents/some/link", "");
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("<title>Control Center</title>"));
  EXPECT_THAT(page.header("content-security-policy"), HasSubstr("default-src 'none'"));
  expect_problem(server_.get("/assets/none.js", ""), 404);
  const auto again =
      server_.get("/agents/some/link", "", "If-None-Match: " + page.header("etag") + "\r\n");
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.header("content-length"), "");
}

TEST_F(Api, AnswersHeadWithTheHeadersOfGet) {
  for (const auto* target : {"/api/v1/fleet", "/healthz", "/", "/metrics"}) {
    const auto head = server_.ask("HEAD", target, kViewerToken);
    EXPECT_EQ(head.status, 200);
    EXPECT_NE(head.header("content-length"), "0") << target;
    EXPECT_EQ(head.body, "");
  }
}

TEST_F(Api, CountsRequestsByTheirTemplate) {
  (void)server_.get("/api/v1/agents/alpha/some-name");
  const auto figures = server_.get("/metrics").body;
  EXPECT_THAT(figures, HasSubstr("/api/v1/agents/{gateway}/{id}"));
  EXPECT_THAT(figures, Not(HasSubstr("some-name")));
}

}  // namespace
}  // namespace cc::api
