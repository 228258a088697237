// Pages of the journal, activity and status, asked over a real connection.

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "api/testing/running_server.h"

namespace cc::api {
namespace {

namespace json = boost::json;
using testing::Answer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::RunningServer;

json::value parse(const Answer& answer) {
  return json::parse(answer.body);
}

std::string text_at(const json::value& value, std::string_view pointer) {
  json::error_code missing;
  const auto* found = value.find_pointer({pointer.data(), pointer.size()}, missing);
  return found == nullptr ? "nothing" : json::serialize(*found);
}

std::string plain_at(const json::value& page, std::string_view member) {
  return std::string(page.at(json::string_view(member.data(), member.size())).as_string());
}

std::vector<std::int64_t> numbers(const json::value& page) {
  std::vector<std::int64_t> seqs;
  for (const auto& event : page.at("events").as_array())
    seqs.push_back(event.at("seq").to_number<std::int64_t>());
  return seqs;
}

class JournalApi : public ::testing::Test {
 protected:
  json::value page(const std::string& query) {
    const auto answer = server_.get("/api/v1/events?" + query);
    EXPECT_EQ(answer.status, 200) << query << ": " << answer.body;
    return parse(answer);
  }

  void expect_refused(const std::string& query, int status, std::string_view member,
                      std::string_view content) {
    const auto answer = server_.get("/api/v1/events?" + query);
    EXPECT_EQ(answer.status, status) << query << ": " << answer.body;
    EXPECT_EQ(text_at(parse(answer), member), "\"" + std::string(content) + "\"") << query;
  }

  std::string cursor(Seq seq) const {
    return server_.cursor().substr(0, 8) + "-" + std::to_string(seq);
  }

  RunningServer server_;
};

TEST_F(JournalApi, PagesBackwardsFromACursorToTheOldest) {
  server_.commit(5);
  const auto newest = page("limit=2&before=" + cursor(5));
  EXPECT_THAT(numbers(newest), ElementsAre(3, 4));
  EXPECT_EQ(plain_at(newest, "cursor"), cursor(4));
  EXPECT_EQ(plain_at(newest, "before"), cursor(3));
  const auto older = page("limit=2&before=" + plain_at(newest, "before"));
  EXPECT_THAT(numbers(older), ElementsAre(1, 2));
  EXPECT_EQ(text_at(older, "/before"), "null");
  EXPECT_THAT(numbers(page("before=" + cursor(1))), IsEmpty());
  EXPECT_EQ(text_at(page("before=" + cursor(1)), "/before"), "null");
}

TEST_F(JournalApi, PagesBackwardsFromTheNewest) {
  EXPECT_EQ(text_at(page("before="), "/before"), "null");
  server_.commit(3);
  const auto newest = page("limit=2&before=");
  EXPECT_THAT(numbers(newest), ElementsAre(2, 3));
  EXPECT_EQ(plain_at(newest, "cursor"), server_.cursor());
  EXPECT_THAT(numbers(page("before=" + cursor(4))), ElementsAre(1, 2, 3));
}

TEST_F(JournalApi, SaysWhyNothingBeforeACursorCanBeTold) {
  server_.commit(9, 50);
  ASSERT_TRUE(server_.store().trim({.keep_since = 0, .keep_bytes = 500}, 3));
  const auto oldest = server_.store().position().oldest;
  ASSERT_GT(oldest, 1U);
  expect_refused("before=" + cursor(oldest - 1), 410, "/reason", "retention");
  expect_refused("before=" + cursor(11), 410, "/reason", "epoch");
  expect_refused("before=zzzzzzzz-3", 410, "/reason", "epoch");
  expect_refused("before=rubbish", 410, "/reason", "malformed");
  EXPECT_EQ(text_at(page("before=" + cursor(oldest)), "/before"), "null");
}

TEST_F(JournalApi, BeginsAtAMoment) {
  const TimeMs begin = server_.clock.wall();
  for (int i = 0; i < 3; ++i) {
    server_.commit(2);
    server_.clock.advance(Millis(1000));
  }
  const auto middle = page("at=" + std::to_string(begin + 1));
  EXPECT_THAT(numbers(middle), ElementsAre(3, 4, 5, 6));
  EXPECT_EQ(plain_at(middle, "before"), cursor(3));
  EXPECT_THAT(numbers(page("before=" + plain_at(middle, "before"))), ElementsAre(1, 2));
  EXPECT_THAT(numbers(page("limit=1&at=" + std::to_string(begin + 1000))), ElementsAre(3));
  EXPECT_EQ(text_at(page("at=0"), "/before"), "null");
  const auto future = page("at=" + std::to_string(begin + 9'000));
  EXPECT_THAT(numbers(future), IsEmpty());
  EXPECT_EQ(plain_at(future, "cursor"), server_.cursor());
  EXPECT_EQ(plain_at(future, "before"), cursor(7));
}

TEST_F(JournalApi, BeginsByOneParameterAlone) {
  expect_refused("at=1&before=", 400, "/parameter", "before");
  expect_refused("at=1&after=0", 400, "/parameter", "at");
  expect_refused("after=0&before=", 400, "/parameter", "before");
  expect_refused("at=soon", 400, "/parameter", "at");
  expect_refused("at=-1", 400, "/parameter", "at");
  expect_refused("at=", 400, "/parameter", "at");
  expect_refused("agent=otto", 400, "/parameter", "agent");
  expect_refused("types=all", 400, "/parameter", "types");
}

TEST_F(JournalApi, FindsWhatIsRareWithoutHoldingUpOthers) {
  const std::string body = R"({"at":1,"agents":{"upsert":[{"id":"a/b ä"}],"remove":[]}})";
  server_.commit({{.gateway = "alpha", .event = fleet::EventKind::kAgentUpdate, .body = body}});
  server_.commit(3'000);
  const auto found = page("before=&agent=alpha/a%2Fb+%C3%A4");
  EXPECT_THAT(numbers(found), ElementsAre(1));
  EXPECT_EQ(text_at(found, "/before"), "null");
  EXPECT_THAT(numbers(page("types=agent.update")), ElementsAre(1));
  EXPECT_THAT(numbers(page("gateway=alpha")), ElementsAre(1));
  EXPECT_THAT(numbers(page("session=alpha/none")), IsEmpty());
  EXPECT_EQ(plain_at(page("session=alpha/none"), "cursor"), server_.cursor());
}

TEST_F(JournalApi, GoesOnWhereALongSearchWasCutShort) {
  server_.commit(
      {{.gateway = "alpha", .event = fleet::EventKind::kAgentUpdate, .body = R"({"at":1})"}});
  server_.commit(20'500);
  const auto first = page("before=&gateway=alpha");
  EXPECT_THAT(numbers(first), IsEmpty());
  const auto second = page("gateway=alpha&before=" + plain_at(first, "before"));
  EXPECT_THAT(numbers(second), ElementsAre(1));
  EXPECT_EQ(text_at(second, "/before"), "null");
}

TEST_F(JournalApi, ShowsActivityAMinuteABucket) {
  auto changes = std::make_shared<fleet::ChangeSet>();
  changes->gateway = "alpha";
  changes->agents.upsert = {
      std::make_shared<fleet::Agent>(fleet::Agent{.gateway = "alpha", .id = "otto \"1\""})};
  const auto epoch = *Epoch::parse(server_.cursor().substr(0, 8));
  server_.activity().published({&changes, 1}, server_.clock.wall(), {epoch, 5});
  server_.clock.advance(Millis(60'000));
  const auto shown = parse(server_.get("/api/v1/activity?minutes=3"));
  EXPECT_EQ(text_at(shown, "/bucketMs"), "60000");
  EXPECT_EQ(text_at(shown, "/cursor"), "\"" + epoch.text() + "-5\"");
  EXPECT_EQ(text_at(shown, "/from"),
            std::to_string(server_.clock.wall() / 60'000 * 60'000 - 120'000));
  EXPECT_EQ(
      text_at(shown, "/items"),
      R"([{"gateway":"alpha","id":"otto \"1\"","counts":[0,1,0],"done":[0,0,0],"failed":[0,0,0]}])");
  EXPECT_EQ(text_at(parse(server_.get("/api/v1/activity?gateway=beta")), "/items"), "[]");
  EXPECT_EQ(text_at(parse(server_.get("/api/v1/activity?agent=a,b")), "/items"), "[]");
  EXPECT_EQ(parse(server_.get("/api/v1/activity")).at("items").at(0).at("counts").as_array().size(),
            60U);
}

TEST_F(JournalApi, NamesWhatActivityCannotUse) {
  for (const auto* query : {"minutes=0", "minutes=61", "minutes=", "minutes=x", "minutes=1.5"}) {
    const auto answer = server_.get(std::string("/api/v1/activity?") + query);
    EXPECT_EQ(answer.status, 400) << query;
    EXPECT_EQ(text_at(parse(answer), "/parameter"), "\"minutes\"");
  }
  EXPECT_EQ(server_.get("/api/v1/activity?hours=1").status, 400);
  EXPECT_EQ(server_.get("/api/v1/activity", "").status, 401);
}

TEST_F(JournalApi, TellsHowMuchOfTheJournalThereIs) {
  const TimeMs begin = server_.clock.wall();
  const auto empty = parse(server_.get("/api/v1/status"));
  EXPECT_EQ(text_at(empty, "/version"), "\"test\"");
  EXPECT_EQ(text_at(empty, "/database"), "\"memory\"");
  EXPECT_EQ(text_at(empty, "/startedAt"), std::to_string(begin));
  EXPECT_EQ(text_at(empty, "/readers"), "0");
  EXPECT_EQ(text_at(empty, "/journal"),
            R"({"entries":0,"oldestAt":null,"newestAt":null,"retentionMs":3600000,"aheadMs":0})");
  server_.commit(2);
  server_.clock.advance(Millis(10));
  server_.commit(1);
  EXPECT_EQ(text_at(parse(server_.get("/api/v1/status")), "/journal"),
            R"({"entries":3,"oldestAt":)" + std::to_string(begin) + R"(,"newestAt":)" +
                std::to_string(begin + 10) + R"(,"retentionMs":3600000,"aheadMs":0})");
  EXPECT_EQ(server_.get("/api/v1/status", "").status, 401);
  EXPECT_EQ(server_.get("/api/v1/status?x=1").status, 400);
}

TEST(SignedOut, IsToldWhereTheTokenLiesAndNotWhatItIs) {
  RunningServer by_file(
      {.fleet = {}, .allowed_hosts = {}, .limits = {}, .token_file = "/data/admin-token"});
  const auto nobody = by_file.get("/api/v1/session", "");
  EXPECT_EQ(nobody.status, 401);
  EXPECT_EQ(nobody.header("content-type"), "application/problem+json");
  EXPECT_EQ(nobody.header("www-authenticate"), "Bearer");
  EXPECT_EQ(text_at(parse(nobody), "/tokenFile"), "\"/data/admin-token\"");
  EXPECT_EQ(text_at(parse(by_file.get("/api/v1/fleet", "")), "/tokenFile"), "nothing");
  EXPECT_EQ(by_file.ask("DELETE", "/api/v1/session", "").status, 401);
  RunningServer behind_proxy({.fleet = {},
                              .allowed_hosts = {},
                              .limits = {},
                              .token_file = "/data/admin-token",
                              .trusted_proxies = {"127.0.0.1"}});
  const auto afar = behind_proxy.get("/api/v1/session", "", "X-Forwarded-For: 192.0.2.7\r\n");
  EXPECT_EQ(text_at(parse(afar), "/tokenFile"), "null") << "they cannot read the file";
  RunningServer by_variable;
  EXPECT_EQ(text_at(parse(by_variable.get("/api/v1/session", "")), "/tokenFile"), "null");
}

TEST(Lists, ShowFacetsWhereAskedFor) {
  fleet::Fleet fleet;
  fleet::SessionRow odd{.gateway = "alpha", .key = "k"};
  odd.model = "quote \" and </script>";
  fleet.put(fleet::PackedSession::make(odd));
  RunningServer server({.fleet = fleet, .allowed_hosts = {}, .limits = {}, .token_file = {}});
  const auto shown = parse(server.get("/api/v1/sessions?facets=model,archived"));
  EXPECT_EQ(text_at(shown, "/facets/archived"), R"({"false":1})");
  EXPECT_EQ(shown.at("facets").at("model").at("quote \" and </script>").to_number<int>(), 1);
  EXPECT_EQ(text_at(parse(server.get("/api/v1/sessions")), "/facets"), "nothing");
  const auto refused = server.get("/api/v1/sessions?facets=key");
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("facets"));
}

}  // namespace
}  // namespace cc::api
