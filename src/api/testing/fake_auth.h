#pragma once
// For tests: three tokens and one cookie, one of each role, and limits that a test sets by hand.

#include <atomic>
#include <mutex>
#include <stdexcept>

#include "auth/auth.h"

namespace cc::api::testing {

inline constexpr std::string_view kAdminToken = "the-admin-token-of-the-test";
inline constexpr std::string_view kOperatorToken = "the-operator-token-of-the-test";
inline constexpr std::string_view kViewerToken = "the-viewer-token-of-the-test";
inline constexpr std::string_view kCookie = "the-cookie-of-the-test";

class FakeAuth final : public auth::Auth {
 public:
  explicit FakeAuth(const Clock& clock) : clock_(clock) {}

  [[nodiscard]] std::optional<auth::Identity> check_token(std::string_view token) const override {
    if (token == kAdminToken) return auth::Identity{"admin", auth::Role::kAdmin, "admin"};
    if (token == kOperatorToken) return auth::Identity{"hand", auth::Role::kOperator, "hand"};
    if (token == kViewerToken) return auth::Identity{"eye", auth::Role::kViewer, "eye"};
    return std::nullopt;
  }
  [[nodiscard]] std::optional<auth::Identity> check_sign_in(
      std::string_view cookie) const override {
    if (cookie != kCookie || signed_out) return std::nullopt;
    return auth::Identity{"eye", auth::Role::kViewer, "cookie"};
  }
  [[nodiscard]] bool still_valid(const auth::Identity& /*identity*/) const override {
    return !revoked;
  }
  [[nodiscard]] std::expected<SignedIn, NotSignedIn> sign_in(std::string_view token,
                                                             std::string_view address) override {
    {
      const std::scoped_lock lock(mutex_);
      last_address_ = address;
    }
    if (limited) return std::unexpected(NotSignedIn{Millis(16'500)});
    auto identity = check_token(token);
    if (!identity) return std::unexpected(NotSignedIn{});
    return SignedIn{*std::move(identity), Secret(std::string(kCookie)), clock_.wall() + 3'600'000};
  }
  void sign_out(std::string_view cookie) override {
    if (cookie == kCookie) signed_out = true;
  }
  [[nodiscard]] Result<NewToken> create_token(std::string name, auth::Role role,
                                              std::optional<Millis> lifetime) override {
    if (name.empty()) return fail(ErrorCode::kInvalid, "a token has a name");
    auth::TokenInfo info{"t1", std::move(name), role, clock_.wall(), std::nullopt};
    if (lifetime) info.expires_at = clock_.wall() + lifetime->count();
    return NewToken{std::move(info), Secret("cct_secret")};
  }
  [[nodiscard]] std::vector<auth::TokenInfo> list_tokens() const override {
    if (broken) throw std::logic_error("a bug with a secret in its sentence");
    return {{"t1", "ci", auth::Role::kViewer, 5, std::nullopt}};
  }
  [[nodiscard]] Result<void> revoke_token(std::string_view id) override {
    if (id != "t1") return fail(ErrorCode::kNotFound, "no such token");
    return {};
  }

  [[nodiscard]] std::string last_address() const {
    const std::scoped_lock lock(mutex_);
    return last_address_;
  }

  std::atomic<bool> limited = false;
  std::atomic<bool> signed_out = false;
  std::atomic<bool> revoked = false;
  std::atomic<bool> broken = false;

 private:
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::string last_address_;
};

}  // namespace cc::api::testing
