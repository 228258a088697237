#pragma once
// Auth on a file. Held in memory and written whole on each change, which is rare.

#include <expected>
#include <thread>

#include "auth/auth.h"
#include "auth/book.h"
#include "auth/guess_limits.h"
#include "base/guarded.h"

namespace cc::auth {

/// Thread-safe. Changes are in the file before they are answered. Checks never wait for the disk:
/// it is written without the lock of the book.
class FileAuth final : public Auth {
 public:
  FileAuth(Options options, const Clock& clock, Book book);
  /// Writes down what is not written yet: which tokens and sign-ins were used when.
  ~FileAuth() override;

  /// Forgets what no longer counts and writes the book; where it cannot, nothing can be promised.
  [[nodiscard]] Result<void> begin();

  std::optional<Identity> check_token(std::string_view token) const override;
  std::optional<Identity> check_sign_in(std::string_view cookie) const override;
  bool still_valid(const Identity& identity) const override;
  std::expected<SignedIn, NotSignedIn> sign_in(std::string_view token,
                                               std::string_view address) override;
  void sign_out(std::string_view cookie) override;
  Result<NewToken> create_token(std::string name, Role role,
                                std::optional<Millis> lifetime) override;
  std::vector<TokenInfo> list_tokens() const override;
  Result<void> revoke_token(std::string_view id) override;

 private:
  [[nodiscard]] std::optional<Identity> identify(std::string_view token) const REQUIRES(mutex_);
  [[nodiscard]] const TokenRecord* live_token(std::string_view id) const REQUIRES(mutex_);
  /// The record of a live token, noted as used now.
  [[nodiscard]] const TokenRecord* use_token(std::string_view id) const REQUIRES(mutex_);
  [[nodiscard]] TokenInfo info_of(const TokenRecord& token) const;
  [[nodiscard]] Identity identity_of(const TokenRecord& token) const;
  [[nodiscard]] bool live(const SignInRecord& record) const REQUIRES(mutex_);
  [[nodiscard]] bool use_sign_in(std::string_view id) const REQUIRES(mutex_);
  [[nodiscard]] TimeMs sign_in_end(const Identity& identity) const REQUIRES(mutex_);
  Secret add_sign_in(const Identity& identity, TimeMs expires_at) REQUIRES(mutex_);
  void take_over_book() REQUIRES(mutex_);
  void forget_what_ended() REQUIRES(mutex_);
  void make_room_for_sign_in(std::string_view token) REQUIRES(mutex_);
  [[nodiscard]] std::expected<SignedIn, NotSignedIn> begin_sign_in(std::string_view token,
                                                                   std::string_view address)
      REQUIRES(mutex_);
  [[nodiscard]] Result<NewToken> add_token(std::string name, Role role,
                                           std::optional<Millis> lifetime) REQUIRES(mutex_);
  void save_uses_if_due() const REQUIRES(mutex_);
  // Without the lock:
  [[nodiscard]] Result<void> save() const;

  const Options options_;
  const Clock& clock_;
  mutable Mutex writing_;  // one writes the file at a time; taken before the other
  mutable Mutex mutex_;
  mutable Book book_ GUARDED_BY(mutex_);  // a check notes when a sign-in was used
  mutable bool unsaved_ GUARDED_BY(mutex_) = false;
  mutable TimeMs saved_at_ GUARDED_BY(mutex_) = 0;
  mutable bool saving_uses_ GUARDED_BY(mutex_) = false;
  GuessLimits limits_ GUARDED_BY(mutex_);
  mutable std::jthread uses_saver_ GUARDED_BY(mutex_);  // joined before the rest goes
};

}  // namespace cc::auth
