#include "api/middleware/authentication.h"

#include <gmock/gmock.h>

#include "api/testing/fake_auth.h"
#include "base/testing/fake_clock.h"

namespace cc::api {
namespace {

std::string who(std::vector<Header> headers) {
  const FakeClock clock;
  const testing::FakeAuth auth(clock);
  Request request;
  request.headers = std::move(headers);
  const auto identity = authenticate(auth, request);
  return identity ? identity->name : "nobody";
}

Header bearer(std::string_view token) {
  return {"Authorization", "Bearer " + std::string(token)};
}
Header cookie(std::string_view before, std::string_view after) {
  return {"Cookie", std::string(before) + "control_center_session=" +
                        std::string(testing::kCookie) + std::string(after)};
}

TEST(Authentication, KnowsTokensAndCookies) {
  EXPECT_EQ(who({}), "nobody");
  EXPECT_EQ(who({bearer(testing::kAdminToken)}), "admin");
  EXPECT_EQ(who({{"authorization", "bearer  " + std::string(testing::kViewerToken)}}), "eye");
  EXPECT_EQ(who({cookie("", "")}), "eye");
  EXPECT_EQ(who({cookie("theme=dark; ", "; other=1")}), "eye");
}

TEST(Authentication, TurnsAwayWhatIsAlmostRight) {
  EXPECT_EQ(who({bearer("wrong")}), "nobody");
  EXPECT_EQ(who({bearer("")}), "nobody");
  EXPECT_EQ(who({{"Authorization", std::string(testing::kAdminToken)}}), "nobody");
  EXPECT_EQ(who({{"Authorization", "Basic " + std::string(testing::kAdminToken)}}), "nobody");
  EXPECT_EQ(who({cookie("x", "")}), "nobody");
  EXPECT_EQ(who({cookie("", "x")}), "nobody");
}

/// Attack: a wrong token beside a good cookie, or two tokens, in the hope that one of them counts.
TEST(Authentication, LetsATokenDecideAlone) {
  EXPECT_EQ(who({bearer("wrong"), cookie("", "")}), "nobody");
  EXPECT_EQ(who({bearer(testing::kAdminToken), bearer(testing::kAdminToken)}), "nobody");
}

/// Attack, or an accident: another program of the same domain sets a cookie of our name, which the
/// browser sends ahead of ours.
TEST(Authentication, TriesEachCookieOfTheName) {
  EXPECT_EQ(who({cookie("control_center_session=planted; ", "")}), "eye");
  EXPECT_EQ(who({{"Cookie", "control_center_session=planted"}, cookie("", "")}), "eye");
  EXPECT_EQ(who({cookie("control_center_session_8787=planted; ", "")}), "eye");
  EXPECT_EQ(who({{"Cookie", "control_center_session=planted"}}), "nobody");
}

Request asked_at(std::string_view host, bool secure = false) {
  Request request;
  request.headers = {{"Host", std::string(host)}};
  request.local_port = 8787;
  request.secure = secure;
  return request;
}

TEST(SessionCookie, IsOutOfReachOfScriptsAndOtherSites) {
  EXPECT_EQ(set_cookie(asked_at("a"), Secret("abc"), 60),
            "control_center_session_8787=abc; HttpOnly; SameSite=Strict; Path=/; Max-Age=60");
  EXPECT_EQ(clear_cookie(asked_at("a")),
            "control_center_session_8787=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0");
}

TEST(SessionCookie, OverTlsIsThisHostsAloneAndNeverSentInPlain) {
  EXPECT_EQ(set_cookie(asked_at("a", true), Secret("abc"), 60),
            "__Host-control_center_session_8787=abc; Secure; HttpOnly; SameSite=Strict; Path=/; "
            "Max-Age=60");
}

/// Two programs on one host: browsers share cookies between its ports, and signing in at one must
/// not sign out the other.
TEST(SessionCookie, IsOfThePortAtWhichTheBrowserFindsUs) {
  auto first = asked_at("localhost:8787");
  auto second = asked_at("localhost:9000");
  const Header both{"Cookie",
                    "control_center_session_9000=second; control_center_session_8787=first"};
  first.headers.push_back(both);
  second.headers.push_back(both);
  EXPECT_THAT(sign_in_cookies(first), ::testing::ElementsAre("first"));
  EXPECT_THAT(sign_in_cookies(second), ::testing::ElementsAre("second"));
  EXPECT_TRUE(set_cookie(second, Secret("x"), 1).starts_with("control_center_session_9000="));
}

TEST(SessionCookie, ThatAnEarlierReleaseSetStillCounts) {
  auto request = asked_at("localhost:8787");
  request.headers.push_back({"Cookie", "control_center_session=old"});
  EXPECT_THAT(sign_in_cookies(request), ::testing::ElementsAre("old"));
}

TEST(SessionCookie, NotMoreThanAFewAreTried) {
  auto request = asked_at("localhost:8787");
  std::string many;
  for (int i = 0; i < 600; ++i) many += "control_center_session=x;";
  request.headers.push_back({"Cookie", many});
  EXPECT_EQ(sign_in_cookies(request).size(), 200U);
}

TEST(SignedInMark, IsSetAndTakenAwayWhereTheBrowserDoesNotKnow) {
  auto request = asked_at("a");
  EXPECT_FALSE(mark_sign_in(request, false));
  EXPECT_EQ(mark_sign_in(request, true),
            "control_center_signed_in_8787=1; SameSite=Strict; Path=/; Max-Age=31536000");
  request.headers.push_back({"Cookie", "control_center_signed_in_8787=1"});
  EXPECT_FALSE(mark_sign_in(request, true));
  EXPECT_EQ(mark_sign_in(request, false),
            "control_center_signed_in_8787=1; SameSite=Strict; Path=/; Max-Age=0");
  EXPECT_TRUE(sign_in_cookies(request).empty()) << "it signs nobody in";
}

/// Attack: whoever owns a neighbouring name, or the network, plants the cookie that is not bound to
/// the host.
TEST(SessionCookie, OverTlsThePlainOneDoesNotCount) {
  auto request = asked_at("a");
  request.headers.push_back({"Cookie", "control_center_session_8787=planted"});
  EXPECT_THAT(sign_in_cookies(request), ::testing::ElementsAre("planted"));
  request.secure = true;
  EXPECT_THAT(sign_in_cookies(request), ::testing::IsEmpty());
  request.headers.push_back({"Cookie", "a=b; __Host-control_center_session_8787=ours"});
  EXPECT_THAT(sign_in_cookies(request), ::testing::ElementsAre("ours"));
  request.secure = false;
  EXPECT_THAT(sign_in_cookies(request), ::testing::ElementsAre("planted"));
}

}  // namespace
}  // namespace cc::api
