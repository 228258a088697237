#include "auth/auth.h"

#include <thread>

#include <gtest/gtest.h>

#include "base/testing/fake_clock.h"
#include "files/testing/scratch.h"

namespace cc::auth {
namespace {

using files::testing::content_of;
using files::testing::mode_of;
using files::testing::put;

constexpr std::string_view kAdminToken = "correct horse battery staple";

class AuthTest : public ::testing::Test {
 protected:
  AuthTest() { clock_.advance(std::chrono::hours(5)); }

  Auth::Options options(std::string_view admin = kAdminToken) const {
    return {.file = file_, .admin_token = Secret(std::string(admin))};
  }
  void open(std::string_view admin = kAdminToken) {
    auth_.reset();
    auto opened = Auth::open(options(admin), clock_);
    ASSERT_TRUE(opened) << opened.error().message;
    auth_ = std::move(*opened);
  }
  /// As the release would that has this edition of the roles.
  void open_as_edition(int edition) {
    auth_.reset();
    auto of_that_release = options();
    of_that_release.role_edition = edition;
    auth_ = Auth::open(std::move(of_that_release), clock_).value();
  }
  Auth::NewToken token(Role role = Role::kViewer, std::optional<Millis> lifetime = {}) {
    return auth_->create_token("ci", role, lifetime).value();
  }
  Auth::SignedIn sign_in(std::string_view with = kAdminToken) {
    return auth_->sign_in(with, "10.0.0.1").value();
  }
  /// How long to wait after that, where it was not looked at.
  std::optional<Millis> refusal(std::string_view with, std::string_view address) {
    const auto tried = auth_->sign_in(with, address);
    EXPECT_FALSE(tried);
    return tried ? std::nullopt : tried.error().wait;
  }
  bool knows(const Auth::SignedIn& signed_in) {
    return auth_->check_sign_in(signed_in.cookie.reveal()).has_value();
  }

  files::testing::ScratchFolder scratch_;
  std::filesystem::path file_ = scratch_.path() / "auth.json";
  FakeClock clock_;
  std::unique_ptr<Auth> auth_;
};

// ---- tokens

TEST_F(AuthTest, TheAdminTokenIsAdmin) {
  open();
  const auto who = auth_->check_token(kAdminToken);
  ASSERT_TRUE(who);
  EXPECT_EQ(who->name, "admin");
  EXPECT_EQ(who->role, Role::kAdmin);
  EXPECT_TRUE(auth_->still_valid(*who));
}

TEST_F(AuthTest, AnythingElseIsNobody) {
  open();
  for (const std::string& wrong :
       {std::string(), std::string("correct horse battery stapl"), std::string(kAdminToken) + " ",
        std::string("cct_"), std::string("cct_") + std::string(43, 'A'),
        std::string(100'000, 'x')}) {
    EXPECT_FALSE(auth_->check_token(wrong)) << wrong.substr(0, 60);
    EXPECT_FALSE(auth_->check_sign_in(wrong)) << wrong.substr(0, 60);
  }
  EXPECT_FALSE(auth_->still_valid({.name = "admin", .role = Role::kAdmin, .grant = ""}));
  EXPECT_FALSE(auth_->still_valid({.name = "admin", .role = Role::kAdmin, .grant = "token:"}));
}

TEST_F(AuthTest, AShortAdminTokenIsNotTaken) {
  EXPECT_EQ(Auth::open(options("fifteen letters"), clock_).error().code, ErrorCode::kInvalid);
}

TEST_F(AuthTest, ATokenOutlivesARestart) {
  open();
  const auto made = token(Role::kOperator);
  EXPECT_TRUE(made.secret.reveal().starts_with("cct_"));
  EXPECT_EQ(made.secret.size(), 4U + 43U);
  open();
  const auto who = auth_->check_token(made.secret.reveal());
  ASSERT_TRUE(who);
  EXPECT_EQ(who->name, "ci");
  EXPECT_EQ(who->role, Role::kOperator);
}

TEST_F(AuthTest, RevokingTakesEffectAtOnceAndStays) {
  open();
  const auto made = token();
  const auto who = auth_->check_token(made.secret.reveal());
  ASSERT_TRUE(auth_->revoke_token(made.info.id));
  EXPECT_FALSE(auth_->still_valid(*who));
  EXPECT_FALSE(auth_->check_token(made.secret.reveal()));
  EXPECT_EQ(auth_->revoke_token(made.info.id).error().code, ErrorCode::kNotFound);
  open();
  EXPECT_FALSE(auth_->check_token(made.secret.reveal()));
}

TEST_F(AuthTest, ATokenEndsWhenItSaidItWould) {
  open();
  const auto made = token(Role::kViewer, std::chrono::hours(1));
  const auto who = auth_->check_token(made.secret.reveal());
  clock_.advance(std::chrono::hours(1) - Millis(1));
  EXPECT_TRUE(auth_->still_valid(*who));
  clock_.advance(Millis(1));
  EXPECT_FALSE(auth_->still_valid(*who));
  EXPECT_FALSE(auth_->check_token(made.secret.reveal()));
  EXPECT_TRUE(auth_->list_tokens().empty());
}

TEST_F(AuthTest, TokensAreListedOldestFirst) {
  open();
  for (const auto* name : {"c", "a", "b"}) {
    ASSERT_TRUE(auth_->create_token(name, Role::kViewer, {}));
    clock_.advance(Millis(5));
  }
  std::string names;
  for (const auto& info : auth_->list_tokens()) names += info.name;
  EXPECT_EQ(names, "cab");
}

TEST_F(AuthTest, NamesAndLifetimesThatMakeNoSenseAreRefused) {
  open();
  for (const std::string& name :
       {std::string(), std::string("admin"), std::string("a\nb"), std::string(129, 'x')}) {
    EXPECT_EQ(auth_->create_token(name, Role::kViewer, {}).error().code, ErrorCode::kInvalid)
        << name;
  }
  EXPECT_EQ(auth_->create_token("x", Role::kViewer, Millis(0)).error().code, ErrorCode::kInvalid);
}

// ---- sessions

TEST_F(AuthTest, ASessionOutlivesARestart) {
  open();
  const auto signed_in = sign_in();
  EXPECT_TRUE(signed_in.cookie.reveal().starts_with("ccs_"));
  EXPECT_TRUE(auth_->still_valid(signed_in.identity));
  open();
  const auto who = auth_->check_sign_in(signed_in.cookie.reveal());
  ASSERT_TRUE(who);
  EXPECT_EQ(who->role, Role::kAdmin);
  EXPECT_EQ(who->grant, signed_in.identity.grant);
}

/// Attack: a viewer's token that signs in again and again ends the sign-ins of others.
TEST_F(AuthTest, SignInsOfOneIdentityNeverEndThoseOfAnother) {
  open();
  const auto admin = sign_in();
  const auto other = sign_in(token().secret.reveal());
  const auto viewer = token();
  std::vector<Auth::SignedIn> many;
  for (int i = 0; i < 1'100; ++i) {
    clock_.advance(Millis(1));
    many.push_back(sign_in(viewer.secret.reveal()));
  }
  EXPECT_TRUE(knows(admin));
  EXPECT_TRUE(knows(other));
  EXPECT_EQ(std::ranges::count_if(many, [&](const auto& one) { return knows(one); }), 50);
  EXPECT_TRUE(knows(many.back()));
}

TEST_F(AuthTest, SignInsAreTheirOwn) {
  open();
  const auto first = sign_in();
  const auto second = sign_in();
  EXPECT_NE(first.cookie.reveal(), second.cookie.reveal());
  auth_->sign_out(first.cookie.reveal());
  EXPECT_FALSE(knows(first));
  EXPECT_FALSE(auth_->still_valid(first.identity));
  EXPECT_TRUE(knows(second));
  open();
  EXPECT_FALSE(knows(first));
}

TEST_F(AuthTest, ASessionHasTheRoleOfItsTokenAndDiesWithIt) {
  open();
  const auto made = token(Role::kViewer);
  const auto signed_in = sign_in(made.secret.reveal());
  EXPECT_EQ(signed_in.identity.role, Role::kViewer);
  EXPECT_EQ(signed_in.identity.name, "ci");
  ASSERT_TRUE(auth_->revoke_token(made.info.id));
  EXPECT_FALSE(auth_->still_valid(signed_in.identity));
  EXPECT_FALSE(knows(signed_in));
}

TEST_F(AuthTest, ASessionOfATokenThatExpiresEndsNoLater) {
  open();
  const auto made = token(Role::kViewer, std::chrono::hours(2));
  const auto signed_in = sign_in(made.secret.reveal());
  EXPECT_EQ(signed_in.expires_at, made.info.expires_at);
  clock_.advance(std::chrono::hours(2));
  EXPECT_FALSE(knows(signed_in));
}

TEST_F(AuthTest, AnIdleSessionEnds) {
  open();
  const auto signed_in = sign_in();
  for (int day = 0; day < 20; ++day) {
    clock_.advance(std::chrono::days(1));
    EXPECT_TRUE(knows(signed_in)) << day;
  }
  clock_.advance(std::chrono::days(7));
  EXPECT_FALSE(knows(signed_in));
}

TEST_F(AuthTest, AnOpenStreamKeepsItsSessionInUse) {
  open();
  const auto signed_in = sign_in();
  for (int day = 0; day < 10; ++day) {
    clock_.advance(std::chrono::days(1));
    EXPECT_TRUE(auth_->still_valid(signed_in.identity));
  }
  EXPECT_TRUE(knows(signed_in));
}

TEST_F(AuthTest, NoSessionIsForEver) {
  open();
  const auto signed_in = sign_in();
  for (int day = 1; day < 30; ++day) {
    clock_.advance(std::chrono::days(1));
    EXPECT_TRUE(knows(signed_in)) << day;
  }
  clock_.advance(std::chrono::days(1));
  EXPECT_FALSE(knows(signed_in));
}

TEST_F(AuthTest, UseIsRememberedOverARestart) {
  open();
  const auto signed_in = sign_in();
  clock_.advance(std::chrono::days(5));
  EXPECT_TRUE(knows(signed_in));
  open();
  clock_.advance(std::chrono::days(5));
  EXPECT_TRUE(knows(signed_in));
}

TEST_F(AuthTest, AnotherAdminTokenEndsTheAdminsSessionsAlone) {
  open();
  const auto made = token();
  const auto as_admin = sign_in();
  const auto as_viewer = sign_in(made.secret.reveal());
  open("another token altogether");
  EXPECT_FALSE(knows(as_admin));
  EXPECT_FALSE(auth_->still_valid(as_admin.identity));
  EXPECT_TRUE(knows(as_viewer));
  open();
  EXPECT_FALSE(knows(as_admin)) << "back again does not revive them";
}

TEST_F(AuthTest, ThereAreNeverTooManySessions) {
  open();
  const auto first = sign_in();
  clock_.advance(Millis(1));
  const auto second = sign_in();
  for (int i = 0; i < 48; ++i) {
    clock_.advance(Millis(1));
    sign_in();
  }
  EXPECT_TRUE(knows(first));
  clock_.advance(Millis(1));
  sign_in();
  EXPECT_TRUE(knows(first)) << "in use";
  EXPECT_FALSE(knows(second)) << "the one that was used longest ago";
}

// ---- guessing

TEST_F(AuthTest, GuessingIsSlowedDownAndItSaysForHowLong) {
  open();
  for (int i = 0; i < 4; ++i) EXPECT_EQ(refusal("wrong", "10.6.6.6"), std::nullopt);
  EXPECT_EQ(refusal(kAdminToken, "10.6.6.6"), std::chrono::seconds(1))
      << "else the delay would tell right from wrong";
  clock_.advance(std::chrono::seconds(1));
  EXPECT_TRUE(auth_->sign_in(kAdminToken, "10.6.6.6"));
}

TEST_F(AuthTest, TheOwnerIsNotLockedOutByOthers) {
  open();
  for (int i = 0; i < 3000; ++i) {
    (void)refusal("wrong", "10.6." + std::to_string(i % 200) + "." + std::to_string(i / 200));
  }
  EXPECT_TRUE(refusal("wrong", "10.6.0.0"));
  EXPECT_TRUE(auth_->sign_in(kAdminToken, "10.0.0.1"));
}

// ---- the file

TEST_F(AuthTest, TheFileIsPrivateAndHoldsNoSecret) {
  open();
  const auto made = token();
  const auto signed_in = sign_in(made.secret.reveal());
  sign_in();
  auth_.reset();
  const auto content = content_of(file_);
  EXPECT_EQ(mode_of(file_), 0600U);
  EXPECT_FALSE(content.contains(kAdminToken));
  EXPECT_FALSE(content.contains(made.secret.reveal().substr(4)));
  EXPECT_FALSE(content.contains(signed_in.cookie.reveal().substr(4)));
}

TEST_F(AuthTest, ChangesAtTheSameTimeAreAllInTheFile) {
  open();
  std::vector<std::vector<Auth::SignedIn>> made(4);
  {
    std::vector<std::jthread> threads;
    for (auto& some : made) {
      threads.emplace_back([&] {
        for (int i = 0; i < 5; ++i) some.push_back(sign_in());
      });
    }
  }
  const auto copy = scratch_.path() / "copy.json";
  std::filesystem::copy_file(file_, copy);  // as it is without a clean end
  auth_.reset();
  std::filesystem::rename(copy, file_);
  open();
  for (const auto& some : made) {
    for (const auto& signed_in : some) EXPECT_TRUE(knows(signed_in));
  }
}

TEST_F(AuthTest, AFileThatOthersCanReadIsRefused) {
  open();
  auth_.reset();
  std::filesystem::permissions(file_, std::filesystem::perms{0604});
  const auto opened = Auth::open(options(), clock_);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kRefused);
  EXPECT_TRUE(opened.error().message.contains("chmod 600"));
}

TEST_F(AuthTest, ADamagedFileIsNamedAndLeftAsItIs) {
  open();
  token();
  auth_.reset();
  const auto whole = content_of(file_);
  for (const auto& damaged : {std::string(), std::string("[]"), whole.substr(0, whole.size() / 2),
                              std::string(R"({"version":1})")}) {
    put(file_, damaged);
    const auto opened = Auth::open(options(), clock_);
    ASSERT_FALSE(opened) << damaged;
    EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt);
    EXPECT_TRUE(opened.error().message.contains(file_.string()));
    EXPECT_EQ(content_of(file_), damaged);
  }
}

TEST_F(AuthTest, AFileOfANewerReleaseIsLeftAlone) {
  put(file_, R"({"version":2,"more":[]})");
  EXPECT_EQ(Auth::open(options(), clock_).error().code, ErrorCode::kNewerSchema);
}

TEST_F(AuthTest, WhereNothingCanBeWrittenNoTokenIsMadeButTheOperatorGetsIn) {
  open();
  const auto made = token();
  std::filesystem::remove_all(scratch_.path());
  EXPECT_EQ(auth_->create_token("late", Role::kViewer, {}).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(auth_->list_tokens().size(), 1U);
  EXPECT_TRUE(knows(sign_in()));
  EXPECT_EQ(auth_->revoke_token(made.info.id).error().code, ErrorCode::kUnavailable);
  EXPECT_FALSE(auth_->check_token(made.secret.reveal())) << "revoked all the same";
}

TEST_F(AuthTest, ManyThreadsMayAsk) {
  open();
  const auto made = token();
  const auto signed_in = sign_in(made.secret.reveal());
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 200; ++round) {
        (void)auth_->check_token(made.secret.reveal());
        (void)auth_->still_valid(signed_in.identity);
        EXPECT_FALSE(auth_->sign_in("wrong", "10.0.0.7"));
      }
    });
  }
  for (int i = 0; i < 20; ++i) token();
  threads.clear();
  EXPECT_EQ(auth_->list_tokens().size(), 21U);
}

// ---- roles that grow

TEST_F(AuthTest, AnOperatorTokenGainsNoPowerByAnUpdate) {
  open_as_edition(1);
  const auto made = token(Role::kOperator);
  EXPECT_EQ(auth_->check_token(made.secret.reveal())->role, Role::kOperator);
  const auto signed_in = sign_in(made.secret.reveal());
  open_as_edition(kOperatorsCommandSince);
  EXPECT_EQ(auth_->check_token(made.secret.reveal())->role, Role::kViewer);
  EXPECT_EQ(auth_->check_sign_in(signed_in.cookie.reveal())->role, Role::kViewer);
  EXPECT_EQ(auth_->list_tokens().front().role, Role::kViewer);
}

TEST_F(AuthTest, AnOperatorTokenMadeAfterTheUpdateIsOne) {
  open_as_edition(kOperatorsCommandSince);
  const auto made = token(Role::kOperator);
  open_as_edition(kOperatorsCommandSince);
  EXPECT_EQ(auth_->check_token(made.secret.reveal())->role, Role::kOperator);
}

TEST_F(AuthTest, ATokenWithoutAnEditionIsOfTheFirst) {
  open_as_edition(1);
  const auto made = token(Role::kOperator);
  auth_.reset();
  auto content = content_of(file_);
  const std::string_view edition = R"("roleEdition":1,)";
  ASSERT_TRUE(content.contains(edition));
  put(file_, content.erase(content.find(edition), edition.size()));
  open_as_edition(kOperatorsCommandSince);
  EXPECT_EQ(auth_->check_token(made.secret.reveal())->role, Role::kViewer);
}

TEST(Roles, OnlyARoleThatHasGrownCountsAsLess) {
  EXPECT_EQ(role_that_counts(Role::kOperator, 1, 1), Role::kOperator);
  EXPECT_EQ(role_that_counts(Role::kOperator, 1, 3), Role::kViewer);
  EXPECT_EQ(role_that_counts(Role::kOperator, 2, 3), Role::kOperator);
  EXPECT_EQ(role_that_counts(Role::kViewer, 1, 3), Role::kViewer);
  EXPECT_EQ(role_that_counts(Role::kAdmin, 1, 3), Role::kAdmin);
}

TEST(Roles, HaveWords) {
  for (const auto role : {Role::kViewer, Role::kOperator, Role::kAdmin}) {
    EXPECT_EQ(parse_role(text(role)), role);
  }
  EXPECT_EQ(parse_role("Admin"), std::nullopt);
}

}  // namespace
}  // namespace cc::auth
