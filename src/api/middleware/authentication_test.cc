#include "api/middleware/authentication.h"

#include <gtest/gtest.h>

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

TEST(SessionCookie, IsOutOfReachOfScriptsAndOtherSites) {
  EXPECT_EQ(set_cookie(Secret("abc"), 60, false),
            "control_center_session=abc; HttpOnly; SameSite=Strict; Path=/; Max-Age=60");
  EXPECT_EQ(clear_cookie(false),
            "control_center_session=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0");
}

TEST(SessionCookie, OverTlsIsThisHostsAloneAndNeverSentInPlain) {
  EXPECT_EQ(set_cookie(Secret("abc"), 60, true),
            "__Host-control_center_session=abc; Secure; HttpOnly; SameSite=Strict; Path=/; "
            "Max-Age=60");
  EXPECT_EQ(clear_cookie(true),
            "__Host-control_center_session=; Secure; HttpOnly; SameSite=Strict; Path=/; "
            "Max-Age=0");
}

/// Attack: whoever owns a neighbouring name, or the network, plants the cookie that is not bound to
/// the host.
TEST(SessionCookie, OverTlsThePlainOneDoesNotCount) {
  Request request;
  request.headers = {{"Cookie", "control_center_session=planted"}};
  EXPECT_EQ(sign_in_cookie(request), "planted");
  request.secure = true;
  EXPECT_FALSE(sign_in_cookie(request));
  request.headers.push_back({"Cookie", "a=b; __Host-control_center_session=ours"});
  EXPECT_EQ(sign_in_cookie(request), "ours");
  request.secure = false;
  EXPECT_EQ(sign_in_cookie(request), "planted");
}

}  // namespace
}  // namespace cc::api
