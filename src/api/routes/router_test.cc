#include "api/routes/router.h"

#include <gmock/gmock.h>

#include "api/routes/table.h"

namespace cc::api {
namespace {

using testing::ElementsAre;

// A route must say who may ask it: leaving the policy out does not compile.
static_assert(!std::is_default_constructible_v<Policy>);
template <class... Parts>
concept MakesARoute = requires(Parts... parts) { Route{parts...}; };
static_assert(MakesARoute<Method, std::string_view, Policy, Thread, Handler>);
static_assert(!MakesARoute<Method, std::string_view, Thread, Handler>);
static_assert(!MakesARoute<Method, std::string_view>);

RouteMatch match(Method method, std::string_view target) {
  static const Router kRouter(all_routes());
  return kRouter.match(method, parse_target(target).value().path);
}

TEST(Router, FindsRoutesAndWhatTheirPathsHold) {
  EXPECT_EQ(match(Method::kGet, "/api/v1/fleet").path, "/api/v1/fleet");
  const auto one = match(Method::kGet, "/api/v1/sessions/default/a%2Fb");
  EXPECT_EQ(one.path, "/api/v1/sessions/{gateway}/{key}");
  EXPECT_THAT(one.captured, ElementsAre("default", "a/b"));
}

TEST(Router, AnswersHeadWhereItAnswersGet) {
  EXPECT_NE(match(Method::kHead, "/api/v1/fleet").route, nullptr);
  EXPECT_EQ(match(Method::kHead, "/api/v1/backup").route, nullptr);
}

TEST(Router, TellsAWrongMethodFromAnUnknownPath) {
  const auto wrong = match(Method::kPut, "/api/v1/session");
  EXPECT_EQ(wrong.route, nullptr);
  EXPECT_EQ(allow_list(wrong.methods), "POST, GET, HEAD, DELETE");
  EXPECT_FALSE(wrong.open);
  for (const auto* unknown : {"/api", "/api/", "/api/v1", "/api/v2/fleet", "/api/v1/fleet/",
                              "/api/v1/agents/default", "/metrics/x", "/%61pi/v1/nothing"}) {
    EXPECT_TRUE(match(Method::kGet, unknown).path.empty()) << unknown;
  }
}

TEST(Router, GivesEverythingElseToTheDashboard) {
  for (const auto* page :
       {"/", "/agents/default/otto", "/apis", "/metricsx", "/style.css", "/x/../api/v1/fleet"}) {
    const auto found = match(Method::kGet, page);
    ASSERT_NE(found.route, nullptr) << page;
    EXPECT_TRUE(found.route->policy.is_open());
    EXPECT_EQ(found.path, "/{asset*}");
  }
  EXPECT_EQ(match(Method::kPost, "/agents").route, nullptr);
}

TEST(Policy, OrdersTheRoles) {
  const auth::Identity viewer{"v", auth::Role::kViewer, ""};
  const auth::Identity admin{"a", auth::Role::kAdmin, ""};
  EXPECT_TRUE(kPublic.allows(viewer));
  EXPECT_TRUE(kViewer.allows(viewer));
  EXPECT_FALSE(kOperator.allows(viewer));
  EXPECT_FALSE(kAdmin.allows(viewer));
  EXPECT_TRUE(kOperator.allows(admin));
  EXPECT_TRUE(kAdmin.allows(admin));
}

/// Otherwise an operator token of today would gain power by the update that brings such a route.
TEST(Routes, GrantOperatorsNothingBeforeTheirEdition) {
  if (auth::kRoleEdition >= auth::kOperatorsCommandSince) return;
  for (const Route& route : all_routes()) {
    EXPECT_NE(route.policy.role(), auth::Role::kOperator) << route.path;
  }
}

/// What may be asked without a login, in full: adding to it is a decision, not an accident.
TEST(Routes, AreOpenOnlyWhereTheContractSaysSo) {
  std::vector<std::string> open;
  for (const Route& route : all_routes()) {
    if (route.policy.is_open()) {
      open.push_back(std::string(text(route.method)) + " " + std::string(route.path));
    }
  }
  EXPECT_THAT(open,
              ElementsAre("GET /healthz", "GET /readyz", "POST /api/v1/session", "GET /{asset*}"));
}

}  // namespace
}  // namespace cc::api
