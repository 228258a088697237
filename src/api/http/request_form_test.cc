#include "api/http/request_form.h"

#include <gtest/gtest.h>

namespace cc::api {
namespace {

Request asked(std::string_view target, std::vector<Header> headers = {{"Host", "said"}}) {
  Request request;
  request.method = Method::kGet;
  request.target = target;
  request.headers = std::move(headers);
  return request;
}

std::string absolute(std::string_view target) {
  auto request = asked(target);
  take_absolute_form(request);
  return std::string(request.only("Host").value_or("none")) + " " + request.target;
}

TEST(RequestForm, AnAbsoluteTargetNamesItsHost) {
  EXPECT_EQ(absolute("http://localhost:8787/healthz?x=http://y"),
            "localhost:8787 /healthz?x=http://y");
  EXPECT_EQ(absolute("HTTPS://evil.example"), "evil.example /");
  EXPECT_EQ(absolute("http://a?b"), "a /?b");
  EXPECT_EQ(absolute("http:///x"), " /x") << "which is no host";
  EXPECT_EQ(absolute("/http://a/"), "said /http://a/");
  EXPECT_EQ(absolute("ftp://a/"), "said ftp://a/");
}

/// Attack: a good name in one place and another one in the other.
TEST(RequestForm, AnAbsoluteTargetCuresNoDoubtfulHost) {
  auto none = asked("http://localhost/", {});
  take_absolute_form(none);
  EXPECT_TRUE(none.all("Host").empty());
  auto two = asked("http://localhost/", {{"Host", "a"}, {"Host", "b"}});
  take_absolute_form(two);
  EXPECT_FALSE(two.only("Host"));
}

std::string below(std::string_view base, std::string_view target) {
  auto request = asked(target);
  take_base_path(request, base);
  return request.target;
}

TEST(RequestForm, ABasePathIsTakenOffOnce) {
  EXPECT_EQ(below("/", "/fleet/x"), "/fleet/x");
  EXPECT_EQ(below("/fleet/", "/fleet/api/v1/fleet/"), "/api/v1/fleet/");
  EXPECT_EQ(below("/fleet/", "/fleet"), "/");
  EXPECT_EQ(below("/fleet/", "/fleet?x"), "/?x");
  EXPECT_EQ(below("/fleet/", "/fleets"), "/fleets");
  EXPECT_EQ(below("/fleet/", "/api/v1/fleet"), "/api/v1/fleet");
  EXPECT_EQ(below("/a/b/", "/a/b/a/b/"), "/a/b/");
}

TEST(RequestForm, HealthChecksOfOldBalancersNeedNoHost) {
  const auto is_one = [](Method method, std::string_view target, bool oldest,
                         std::vector<Header> headers) {
    auto request = asked(target, std::move(headers));
    request.method = method;
    request.oldest = oldest;
    return is_health_check(request);
  };
  EXPECT_TRUE(is_one(Method::kGet, "/healthz", true, {}));
  EXPECT_TRUE(is_one(Method::kHead, "/readyz", true, {}));
  EXPECT_TRUE(is_one(Method::kOptions, "/", true, {}));
  EXPECT_FALSE(is_one(Method::kGet, "/healthz", false, {})) << "HTTP/1.1 has a Host";
  EXPECT_FALSE(is_one(Method::kGet, "/api/v1/fleet", true, {}));
  EXPECT_FALSE(is_one(Method::kPost, "/healthz", true, {}));
  EXPECT_FALSE(is_one(Method::kGet, "/healthz", true, {{"Host", ""}}));
}

}  // namespace
}  // namespace cc::api
