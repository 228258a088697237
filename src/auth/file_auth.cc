#include "auth/file_auth.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "auth/credential.h"
#include "base/text.h"
#include "files/private_file.h"

namespace cc::auth {
namespace {

constexpr std::size_t kMaxTokens = 1000;
/// Of one identity: however often it signs in, it never ends what another signed in.
constexpr std::size_t kMaxSignInsEach = 50;
constexpr std::size_t kMaxNameBytes = 128;
constexpr std::size_t kMaxCredentialBytes = 512;
/// A use that is not followed by any other change is written down after so long; far less than
/// sign-ins may idle.
constexpr Millis kSaveUsesAfter = std::chrono::hours(12);

constexpr std::string_view kAdmin = "admin";
constexpr std::string_view kTokenGrant = "token:";
constexpr std::string_view kSignInGrant = "session:";

std::string id_of(std::string_view digest) {
  return std::string(digest.substr(0, kIdLength));
}

Identity admin_identity() {
  return {.name = std::string(kAdmin), .role = Role::kAdmin, .grant = std::string(kAdmin)};
}

/// Which token stands behind a grant by token; empty for the admin token.
std::string token_behind(const Identity& identity) {
  if (!identity.grant.starts_with(kTokenGrant)) return {};
  return identity.grant.substr(kTokenGrant.size());
}

}  // namespace

FileAuth::FileAuth(Options options, const Clock& clock, Book book)
    : options_(std::move(options)), clock_(clock), book_(std::move(book)) {}

TokenInfo FileAuth::info_of(const TokenRecord& token) const {
  TokenInfo info = token.info;
  info.role = role_that_counts(info.role, token.role_edition, options_.role_edition);
  return info;
}

Identity FileAuth::identity_of(const TokenRecord& token) const {
  auto info = info_of(token);
  return {
      .name = std::move(info.name), .role = info.role, .grant = std::string(kTokenGrant) + info.id};
}

FileAuth::~FileAuth() {
  const auto unsaved = [this] {
    const MutexLock lock(mutex_);
    return unsaved_;
  };
  if (unsaved()) std::ignore = save();
}

Result<void> FileAuth::begin() {
  {
    const MutexLock lock(mutex_);
    take_over_book();
  }
  return save();
}

void FileAuth::take_over_book() {
  if (book_.admin_salt.empty()) book_.admin_salt = draw_salt();
  auto print = fingerprint(options_.admin_token, book_.admin_salt);
  if (print != book_.admin_print) {
    std::erase_if(book_.sign_ins, [](const auto& item) { return item.second.token.empty(); });
    book_.admin_print = std::move(print);
  }
  forget_what_ended();
}

// ---- checks

std::optional<Identity> FileAuth::check_token(std::string_view token) const {
  const MutexLock lock(mutex_);
  return identify(token);
}

std::optional<Identity> FileAuth::identify(std::string_view token) const {
  if (token.size() > kMaxCredentialBytes) return std::nullopt;
  if (options_.admin_token.equals(token)) return admin_identity();
  if (!token.starts_with(kTokenPrefix)) return std::nullopt;
  const auto presented = digest(token);
  const auto* known = live_token(id_of(presented));
  if (known == nullptr || known->digest != presented) return std::nullopt;
  return identity_of(*use_token(known->info.id));
}

const TokenRecord* FileAuth::live_token(std::string_view id) const {
  const auto found = book_.tokens.find(id);
  if (found == book_.tokens.end()) return nullptr;
  const auto& expires_at = found->second.info.expires_at;
  return expires_at && *expires_at <= clock_.wall() ? nullptr : &found->second;
}

const TokenRecord* FileAuth::use_token(std::string_view id) const {
  const auto* token = live_token(id);
  if (token == nullptr) return nullptr;
  auto& used_at = book_.tokens.find(id)->second.info.used_at;
  used_at = std::max(used_at.value_or(0), clock_.wall());
  unsaved_ = true;
  save_uses_if_due();
  return token;
}

bool FileAuth::live(const SignInRecord& record) const {
  const auto now = clock_.wall();
  return now < record.expires_at && now - record.used_at < options_.sign_in_idle.count() &&
         (record.token.empty() || live_token(record.token) != nullptr);
}

/// Whether the sign-in counts; if so, notes that it is in use.
bool FileAuth::use_sign_in(std::string_view id) const {
  const auto found = book_.sign_ins.find(id);
  if (found == book_.sign_ins.end() || !live(found->second)) return false;
  found->second.used_at = std::max(found->second.used_at, clock_.wall());
  unsaved_ = true;
  save_uses_if_due();
  return true;
}

/// Beside the caller, who must not wait for a disk.
void FileAuth::save_uses_if_due() const {
  if (saving_uses_ || clock_.wall() - saved_at_ < kSaveUsesAfter.count()) return;
  saving_uses_ = true;
  uses_saver_ = std::jthread([this] {
    std::ignore = save();
    const MutexLock lock(mutex_);
    saving_uses_ = false;
  });
}

std::optional<Identity> FileAuth::check_sign_in(std::string_view cookie) const {
  if (!cookie.starts_with(kCookiePrefix) || cookie.size() > kMaxCredentialBytes)
    return std::nullopt;
  const auto presented = digest(cookie);
  const auto id = id_of(presented);
  const MutexLock lock(mutex_);
  const auto found = book_.sign_ins.find(id);
  if (found == book_.sign_ins.end() || found->second.digest != presented) return std::nullopt;
  if (!use_sign_in(id)) return std::nullopt;
  const auto& token = found->second.token;
  auto identity = token.empty() ? admin_identity() : identity_of(*live_token(token));
  identity.grant = std::string(kSignInGrant) + id;
  return identity;
}

bool FileAuth::still_valid(const Identity& identity) const {
  const std::string_view grant = identity.grant;
  if (grant == kAdmin) return true;
  const MutexLock lock(mutex_);
  if (grant.starts_with(kTokenGrant)) return use_token(grant.substr(kTokenGrant.size())) != nullptr;
  return grant.starts_with(kSignInGrant) && use_sign_in(grant.substr(kSignInGrant.size()));
}

// ---- signing in and out

std::expected<Auth::SignedIn, Auth::NotSignedIn> FileAuth::sign_in(std::string_view token,
                                                                   std::string_view address) {
  auto signed_in = [&] {
    const MutexLock lock(mutex_);
    return begin_sign_in(token, address);
  }();
  // A full disk must not keep operators out of the page that reports it.
  if (signed_in) std::ignore = save();
  return signed_in;
}

std::expected<Auth::SignedIn, Auth::NotSignedIn> FileAuth::begin_sign_in(std::string_view token,
                                                                         std::string_view address) {
  const auto now = clock_.steady();
  if (const auto wait = limits_.wait(address, now)) return std::unexpected(NotSignedIn{wait});
  auto identity = identify(token);
  if (!identity) {
    limits_.failed(address, now);
    return std::unexpected(NotSignedIn{});
  }
  limits_.succeeded(address);
  const auto expires_at = sign_in_end(*identity);
  auto cookie = add_sign_in(*identity, expires_at);
  identity->grant = std::string(kSignInGrant) + id_of(digest(cookie.reveal()));
  return SignedIn{
      .identity = std::move(*identity), .cookie = std::move(cookie), .expires_at = expires_at};
}

TimeMs FileAuth::sign_in_end(const Identity& identity) const {
  const auto end = clock_.wall() + options_.sign_in_lifetime.count();
  const auto* token = live_token(token_behind(identity));
  return token == nullptr ? end : std::min(end, token->info.expires_at.value_or(end));
}

Secret FileAuth::add_sign_in(const Identity& identity, TimeMs expires_at) {
  forget_what_ended();
  make_room_for_sign_in(token_behind(identity));
  auto cookie = draw_credential(kCookiePrefix);
  const auto now = clock_.wall();
  auto kept = digest(cookie.reveal());
  auto id = id_of(kept);
  book_.sign_ins.insert_or_assign(std::move(id), SignInRecord{.digest = std::move(kept),
                                                              .token = token_behind(identity),
                                                              .created_at = now,
                                                              .used_at = now,
                                                              .expires_at = expires_at});
  return cookie;
}

/// Of its own sign-ins the one goes that was used longest ago.
void FileAuth::make_room_for_sign_in(std::string_view token) {
  std::size_t count = 0;
  auto oldest = book_.sign_ins.end();
  for (auto it = book_.sign_ins.begin(); it != book_.sign_ins.end(); ++it) {
    if (it->second.token != token) continue;
    ++count;
    if (oldest == book_.sign_ins.end() || it->second.used_at < oldest->second.used_at) oldest = it;
  }
  if (count >= kMaxSignInsEach) book_.sign_ins.erase(oldest);
}

void FileAuth::sign_out(std::string_view cookie) {
  const auto presented = digest(cookie.substr(0, kMaxCredentialBytes));
  {
    const MutexLock lock(mutex_);
    const auto found = book_.sign_ins.find(id_of(presented));
    if (found == book_.sign_ins.end() || found->second.digest != presented) return;
    book_.sign_ins.erase(found);
  }
  std::ignore = save();
}

// ---- tokens

Result<Auth::NewToken> FileAuth::create_token(std::string name, Role role,
                                              std::optional<Millis> lifetime) {
  if (!is_identity(name) || name.size() > kMaxNameBytes || name == kAdmin) {
    return fail(ErrorCode::kInvalid,
                "a token's name is 1 to 128 bytes of plain text, and not `admin`");
  }
  if (lifetime && *lifetime <= Millis(0))
    return fail(ErrorCode::kInvalid, "a token must live for some time");
  auto added = [&] {
    const MutexLock lock(mutex_);
    return add_token(std::move(name), role, lifetime);
  }();
  if (!added) return added;
  if (auto saved = save(); !saved) {
    const MutexLock lock(mutex_);
    book_.tokens.erase(added->info.id);
    return std::unexpected(saved.error());
  }
  return added;
}

Result<Auth::NewToken> FileAuth::add_token(std::string name, Role role,
                                           std::optional<Millis> lifetime) {
  forget_what_ended();
  if (book_.tokens.size() >= kMaxTokens)
    return fail(ErrorCode::kTooLarge, "there are 1000 tokens; revoke some");
  auto secret = draw_credential(kTokenPrefix);
  TokenRecord token{.info = {.id = {},
                             .name = std::move(name),
                             .role = role,
                             .created_at = clock_.wall(),
                             .expires_at = {},
                             .used_at = {}},
                    .digest = digest(secret.reveal()),
                    .role_edition = options_.role_edition};
  token.info.id = id_of(token.digest);
  if (lifetime) token.info.expires_at = token.info.created_at + lifetime->count();
  auto info = token.info;
  book_.tokens.insert_or_assign(info.id, std::move(token));
  return NewToken{.info = std::move(info), .secret = std::move(secret)};
}

std::vector<TokenInfo> FileAuth::list_tokens() const {
  std::vector<TokenInfo> tokens;
  const MutexLock lock(mutex_);
  for (const auto& [id, token] : book_.tokens) {
    if (live_token(id) != nullptr) tokens.push_back(info_of(token));
  }
  const auto age = [](const TokenInfo& token) { return std::tie(token.created_at, token.id); };
  std::ranges::sort(tokens, {}, age);
  return tokens;
}

Result<void> FileAuth::revoke_token(std::string_view id) {
  {
    const MutexLock lock(mutex_);
    const auto found = book_.tokens.find(id);
    if (found == book_.tokens.end()) return fail(ErrorCode::kNotFound, "there is no such token");
    book_.tokens.erase(found);
    forget_what_ended();
  }
  auto saved = save();
  if (saved) return {};
  return fail(saved.error().code,
              "the token is revoked until the next restart; " + saved.error().message);
}

// ---- the book

void FileAuth::forget_what_ended() {
  std::erase_if(book_.tokens, [&](const auto& item)
                                  REQUIRES(mutex_) { return live_token(item.first) == nullptr; });
  std::erase_if(book_.sign_ins,
                [&](const auto& item) REQUIRES(mutex_) { return !live(item.second); });
}

/// Where it fails, the next change writes this one, too.
Result<void> FileAuth::save() const {
  if (options_.only_look) return {};
  const MutexLock writing(writing_);
  const auto json = [this] {
    const MutexLock lock(mutex_);
    saved_at_ = clock_.wall();
    unsaved_ = false;
    return to_json(book_);
  }();
  auto written = files::replace_private(options_.file, json);
  if (written) return written;
  const MutexLock lock(mutex_);
  unsaved_ = true;
  return written;
}

// ---- opening

namespace {

Result<Book> read_book(const std::filesystem::path& file) {
  const auto content = files::read_private(file);
  if (!content) return std::unexpected(content.error());
  if (!*content) return Book{};
  auto book = book_from_json(**content);
  if (book) return book;
  return fail(book.error().code,
              file.string() + " cannot be used: " + book.error().message +
                  ". It was left as it is. Restore it, or move it away to begin without "
                  "tokens and sign-ins");
}

}  // namespace

Result<std::vector<TokenInfo>> Auth::read_tokens(const std::filesystem::path& file,
                                                 const Clock& clock) {
  auto book = read_book(file);
  if (!book) return std::unexpected(book.error());
  Options options;
  options.only_look = true;
  return FileAuth(std::move(options), clock, std::move(*book)).list_tokens();
}

Result<std::unique_ptr<Auth>> Auth::open(Options options, const Clock& clock) {
  if (options.admin_token.size() < kMinAdminToken) {
    return fail(ErrorCode::kInvalid, "the admin token must have at least 16 characters");
  }
  auto book = read_book(options.file);
  if (!book) return std::unexpected(book.error());
  auto auth = std::make_unique<FileAuth>(std::move(options), clock, std::move(*book));
  if (auto begun = auth->begin(); !begun) return std::unexpected(begun.error());
  return auth;
}

}  // namespace cc::auth
