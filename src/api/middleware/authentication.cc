#include "api/middleware/authentication.h"

namespace cc::api {
namespace {

constexpr std::string_view kScheme = "Bearer ";
constexpr std::string_view kAttributes = "; HttpOnly; SameSite=Strict; Path=/; Max-Age=";

std::string cookie_name(bool secure) {
  return (secure ? "__Host-" : "") + std::string(kSignInCookie);
}

std::string_view without_spaces(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::optional<std::string_view> bearer_token(std::string_view authorization) {
  if (!same_word(authorization.substr(0, kScheme.size()), kScheme)) return std::nullopt;
  return without_spaces(authorization.substr(kScheme.size()));
}

/// The cookie of this name in one `Cookie` header.
std::optional<std::string_view> find_cookie(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const std::size_t end = header.find(';');
    const std::string_view pair = without_spaces(header.substr(0, end));
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('=')) {
      return pair.substr(name.size() + 1);
    }
    header.remove_prefix(end == std::string_view::npos ? header.size() : end + 1);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> sign_in_cookie(const Request& request) {
  const auto name = cookie_name(request.secure);
  for (const std::string_view header : request.all("Cookie")) {
    if (auto cookie = find_cookie(header, name)) return cookie;
  }
  return std::nullopt;
}

bool presents_credential(const Request& request) {
  return !request.all("Authorization").empty() || sign_in_cookie(request);
}

std::optional<auth::Identity> authenticate(const auth::Auth& auth, const Request& request) {
  const auto authorizations = request.all("Authorization");
  if (authorizations.size() > 1) return std::nullopt;
  if (authorizations.size() == 1) {
    const auto token = bearer_token(authorizations.front());
    return token ? auth.check_token(*token) : std::nullopt;
  }
  const auto cookie = sign_in_cookie(request);
  return cookie ? auth.check_sign_in(*cookie) : std::nullopt;
}

std::string set_cookie(const Secret& cookie, std::int64_t max_age_seconds, bool secure) {
  return cookie_name(secure)
      .append("=")
      .append(cookie.reveal())
      .append(secure ? "; Secure" : "")
      .append(kAttributes)
      .append(std::to_string(max_age_seconds));
}

std::string clear_cookie(bool secure) {
  return set_cookie(Secret(), 0, secure);
}

}  // namespace cc::api
