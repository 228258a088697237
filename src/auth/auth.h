#pragma once
// Authentication: tokens (for programs), sign-ins (for browsers), roles, and limits on guessing.
// Knows nothing of routes. Only hashes are kept, in one file of mode 0600 that is replaced whole.

#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"

namespace cc::auth {

enum class Role { kViewer, kOperator, kAdmin };
[[nodiscard]] std::string_view text(Role role);
[[nodiscard]] std::optional<Role> parse_role(std::string_view word);

/// Counts the releases that let a role do more than before. A token keeps the edition that it was
/// made in, and gains nothing by an update: where its role has grown since, it counts as the role
/// below.
inline constexpr int kRoleEdition = 2;
/// From this edition on an operator may send commands. Before, an operator may do what a viewer
/// may.
inline constexpr int kOperatorsCommandSince = 2;
/// What a token of `role` may do that was made in edition `made_in`, in a release of edition `now`.
[[nodiscard]] Role role_that_counts(Role role, int made_in, int now);

struct Identity {
  std::string name;  // of the token: "admin" for the admin token
  Role role = Role::kViewer;
  /// Identifies what was presented, so that a long stream can check whether it is still valid.
  std::string grant;
};

struct TokenInfo {
  std::string id;
  std::string name;
  Role role = Role::kViewer;  // that counts
  TimeMs created_at = 0;
  std::optional<TimeMs> expires_at;
  std::optional<TimeMs> used_at = {};  // empty: never, or before that was kept
};

/// Thread-safe.
class Auth {
 public:
  static constexpr std::size_t kMinAdminToken = 16;

  struct Options {
    std::filesystem::path file;  // tokens and sign-ins, made where it is not there
    Secret admin_token;          // at least 16 characters
    Millis sign_in_lifetime = std::chrono::days(30);
    Millis sign_in_idle = std::chrono::days(7);  // a sign-in that nobody used for so long ends
    int role_edition = kRoleEdition;
    bool only_look = false;  // nothing is written
  };

  /// kInvalid: the admin token is too short. kRefused: others can read the file. kCorrupt,
  /// kNewerSchema: what is in it cannot be used; it is left as it is. kUnavailable: it cannot be
  /// read or written. Takes some ten milliseconds: what the file holds of the admin token is hard
  /// to guess from.
  static Result<std::unique_ptr<Auth>> open(Options options, const Clock& clock);
  /// The tokens in the file, as `list_tokens`, without the admin token and without a trace. None
  /// where there is no file. Errors: as of `open`.
  static Result<std::vector<TokenInfo>> read_tokens(const std::filesystem::path& file,
                                                    const Clock& clock);
  virtual ~Auth() = default;

  [[nodiscard]] virtual std::optional<Identity> check_token(std::string_view token) const = 0;
  /// Of a cookie that `sign_in` made. Counts as a use of the sign-in, and so does `still_valid`.
  [[nodiscard]] virtual std::optional<Identity> check_sign_in(std::string_view cookie) const = 0;
  /// Whether a grant still counts: not revoked, not expired, not signed out. A sign-in also ends
  /// with the token that it was signed in with.
  [[nodiscard]] virtual bool still_valid(const Identity& identity) const = 0;

  struct SignedIn {
    Identity identity;
    Secret cookie;
    TimeMs expires_at = 0;
  };
  struct NotSignedIn {
    std::optional<Millis> wait;  // nothing is looked at for so long; empty: not a token of ours
  };
  /// `address` is where it came from: after some failures from one address or in all comes a wait;
  /// a right token still gets in from an address without failures. An identity has at most 50
  /// sign-ins; a further one ends that of its own which was used longest ago. Where the sign-in
  /// cannot be written down it counts all the same, until the program ends.
  [[nodiscard]] virtual std::expected<SignedIn, NotSignedIn> sign_in(std::string_view token,
                                                                     std::string_view address) = 0;
  virtual void sign_out(std::string_view cookie) = 0;

  /// The secret is in the answer and nowhere else. kInvalid: the name (1 to 128 bytes of plain
  /// text, not "admin") or the lifetime; kTooLarge: there are too many; kUnavailable: it could not
  /// be written down, and there is no token.
  struct NewToken {
    TokenInfo info;
    Secret secret;
  };
  [[nodiscard]] virtual Result<NewToken> create_token(std::string name, Role role,
                                                      std::optional<Millis> lifetime) = 0;
  /// Those that count, oldest first.
  [[nodiscard]] virtual std::vector<TokenInfo> list_tokens() const = 0;
  /// At once, and with it every sign-in that was signed in with it. kNotFound; kUnavailable: it is
  /// revoked, but that could not be written down, so that it would count again after a restart.
  [[nodiscard]] virtual Result<void> revoke_token(std::string_view id) = 0;
};

/// Reads the admin token's file, or makes one (0600, 32 random bytes, base64url). kRefused where
/// others can read it, kInvalid where it holds fewer than 16 characters, kUnavailable where it
/// cannot be read or written.
[[nodiscard]] Result<Secret> load_or_create_admin_token(const std::filesystem::path& file);

}  // namespace cc::auth
