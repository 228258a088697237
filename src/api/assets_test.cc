#include "api/assets.h"

#include <array>

#include <gmock/gmock.h>

namespace cc::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::array kFiles{
    EmbeddedFile{"openapi.json", "{}", "0"},
    EmbeddedFile{"page/index.html", "stand-in", "1"},
    EmbeddedFile{"page/style.css", "css", "2"},
    EmbeddedFile{"web/index.html", "dashboard", "3"},
    EmbeddedFile{"web/index.html.br", "(br)", "4"},
    EmbeddedFile{"web/index.html.gz", "(gz)", "5"},
    EmbeddedFile{"web/robots.txt", "robots", "5"},
    EmbeddedFile{"web/theme.js", "theme", "6"},
    EmbeddedFile{"web/assets/app-1a2b.js", "app", "7"},
    EmbeddedFile{"web/assets/app-1a2b.js.gz", "(app gz)", "8"},
    EmbeddedFile{"web/assets/inter-3c.woff2", "font", "9"},
};

Request request(std::string target, std::vector<Header> headers = {}) {
  Request made;
  made.method = Method::kGet;
  made.target = std::move(target);
  made.headers = std::move(headers);
  return made;
}

std::string header(const Response& response, std::string_view name) {
  for (const Header& one : response.headers) {
    if (one.name == name) return one.value;
  }
  return {};
}

std::string_view body(const Response& response) {
  if (const auto* text = std::get_if<StaticBody>(&response.body)) return *text;
  return std::get<std::string>(response.body);
}

Response get(std::string target, std::vector<Header> headers = {}) {
  return Assets(kFiles).answer(request(std::move(target), std::move(headers)));
}

TEST(Assets, BehindAPathOfAProxyTheIndexPointsThere) {
  constexpr std::array kPage{
      EmbeddedFile{"web/index.html", R"(<a href="/x.svg"><script src="/assets/a.js">"/")", "3"},
      EmbeddedFile{"web/index.html.gz", "(gz)", "5"}};
  const auto at = [&](std::string_view base, std::vector<Header> headers = {}) {
    return Assets(kPage, base).answer(request("/", std::move(headers)));
  };
  const auto moved = at("/fleet/", {{"Accept-Encoding", "gzip"}});
  EXPECT_EQ(body(moved), R"(<a href="/fleet/x.svg"><script src="/fleet/assets/a.js">"/")");
  EXPECT_EQ(header(moved, "Content-Encoding"), "");
  EXPECT_NE(header(moved, "ETag"), header(at("/"), "ETag"));
  EXPECT_NE(header(moved, "ETag"), header(at("/other/"), "ETag"));
  EXPECT_EQ(at("/fleet/", {{"If-None-Match", header(moved, "ETag")}}).status, 304);
}

TEST(Assets, GivesTheIndexForEveryLinkIntoTheDashboard) {
  for (const auto* target : {"/", "/agents/a%2Fb/c?status=error", "/index.html", "/../etc/passwd",
                             "/page/index.html", "/web/index.html", "/openapi.json"}) {
    const auto answer = get(target);
    EXPECT_EQ(answer.status, 200) << target;
    EXPECT_EQ(body(answer), "dashboard") << target;
    EXPECT_EQ(header(answer, "Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(header(answer, "Cache-Control"), "no-cache");
  }
}

TEST(Assets, GivesRobotsTheirOwnFileAndNoPage) {
  const auto answer = get("/robots.txt");
  EXPECT_EQ(body(answer), "robots");
  EXPECT_EQ(header(answer, "Content-Type"), "text/plain; charset=utf-8");
}

TEST(Assets, StandsInWhereTheDashboardWasNotBuilt) {
  const std::span<const EmbeddedFile> files(kFiles);
  const Assets assets(files.first(3));
  EXPECT_EQ(body(assets.answer(request("/fleet"))), "stand-in");
  EXPECT_EQ(body(assets.answer(request("/style.css"))), "css");
}

TEST(Assets, KeepsHashedNamesForEverAndMissesThemHonestly) {
  const auto found = get("/assets/app-1a2b.js");
  EXPECT_EQ(found.status, 200);
  EXPECT_EQ(header(found, "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(header(found, "Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(header(get("/assets/inter-3c.woff2"), "Content-Type"), "font/woff2");
  const auto gone = get("/assets/app-0000.js");
  EXPECT_EQ(gone.status, 404);
  EXPECT_EQ(header(gone, "Content-Type"), "application/problem+json");
  EXPECT_EQ(header(gone, "Cache-Control"), "");
}

TEST(Assets, GivesTheEncodingThatTheBrowserTakes) {
  const std::pair<const char*, const char*> cases[] = {{"gzip, deflate, br, zstd", "br"},
                                                       {"gzip", "gzip"},
                                                       {"GZIP", "gzip"},
                                                       {"br;q=0, gzip;q=0.5", "gzip"},
                                                       {"br;q=0,gzip;q=0", ""},
                                                       {"br; q=0.000, *", "gzip"},
                                                       {"identity", ""},
                                                       {"", ""},
                                                       {"*", "br"},
                                                       {"brotli, x-br", ""},
                                                       {"gzip;q=1.0;x=y", "gzip"}};
  for (const auto& [accepted, encoding] : cases) {
    const auto answer = get("/", {{"Accept-Encoding", accepted}});
    EXPECT_EQ(header(answer, "Content-Encoding"), encoding) << accepted;
    EXPECT_EQ(header(answer, "Vary"), "Accept-Encoding") << accepted;
    EXPECT_EQ(header(answer, "Content-Type"), "text/html; charset=utf-8");
  }
  const auto script = get("/assets/app-1a2b.js", {{"Accept-Encoding", "br, gzip"}});
  EXPECT_EQ(body(script), "(app gz)");
  const auto font = get("/assets/inter-3c.woff2", {{"Accept-Encoding", "br, gzip"}});
  EXPECT_EQ(body(font), "font");
  EXPECT_EQ(header(font, "Vary"), "");
}

TEST(Assets, SaysThatWhatTheBrowserHoldsIsStillGood) {
  const auto first = get("/", {{"Accept-Encoding", "br"}});
  const auto tag = header(first, "ETag");
  EXPECT_EQ(tag, "\"4\"");
  for (const auto& held : {tag, "\"x\", " + tag, "W/" + tag, std::string("*")}) {
    const auto again = get("/", {{"Accept-Encoding", "br"}, {"If-None-Match", held}});
    EXPECT_EQ(again.status, 304) << held;
    EXPECT_EQ(body(again), "");
    EXPECT_EQ(header(again, "ETag"), tag);
    EXPECT_EQ(header(again, "Cache-Control"), "no-cache");
    EXPECT_EQ(header(again, "Vary"), "Accept-Encoding");
    EXPECT_EQ(header(again, "Content-Security-Policy"), kPagePolicy);
  }
  // What it holds in another encoding, or of another release, is not that.
  EXPECT_EQ(get("/", {{"If-None-Match", tag}}).status, 200);
  EXPECT_EQ(get("/theme.js", {{"If-None-Match", tag}}).status, 200);
}

TEST(Assets, LetsAPageDoNothingButWithWhatThisServerGives) {
  for (const auto* target : {"/", "/theme.js", "/assets/app-1a2b.js"}) {
    const auto policy = header(get(target), "Content-Security-Policy");
    EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
    EXPECT_THAT(policy, HasSubstr("require-trusted-types-for 'script'"));
    EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'"));
    EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
    EXPECT_THAT(policy, Not(HasSubstr("http:")));
    EXPECT_THAT(policy, Not(HasSubstr("*")));
  }
}

}  // namespace
}  // namespace cc::api
