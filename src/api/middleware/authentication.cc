#include "api/middleware/authentication.h"

#include "api/middleware/authority.h"

namespace cc::api {
namespace {

constexpr std::string_view kScheme = "Bearer ";
constexpr std::string_view kAttributes = "; HttpOnly; SameSite=Strict; Path=/; Max-Age=";

/// More than a browser keeps for one site: somebody else may have set all but one.
constexpr std::size_t kMostCookies = 200;
constexpr std::string_view kYear = "31536000";

/// Where a proxy hides the port, our own: two programs behind one name have two.
std::string port_of(const Request& request) {
  const auto authority = parse_authority(request.only("Host").value_or(""));
  const bool told = authority && !authority->port.empty();
  return told ? authority->port : std::to_string(request.local_port);
}

std::string plain_name(const Request& request) {
  return (request.secure ? "__Host-" : "") + std::string(kSignInCookie);
}

std::string cookie_name(const Request& request) {
  return plain_name(request) + "_" + port_of(request);
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

/// Adds the values of this name in one `Cookie` header.
void find_cookies(std::string_view header, std::string_view name,
                  std::vector<std::string_view>& found) {
  while (!header.empty() && found.size() < kMostCookies) {
    const std::size_t end = header.find(';');
    const std::string_view pair = without_spaces(header.substr(0, end));
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('=')) {
      found.push_back(pair.substr(name.size() + 1));
    }
    header.remove_prefix(end == std::string_view::npos ? header.size() : end + 1);
  }
}

void find_cookies(const Request& request, std::string_view name,
                  std::vector<std::string_view>& found) {
  for (const std::string_view header : request.all("Cookie")) find_cookies(header, name, found);
}

}  // namespace

std::vector<std::string_view> sign_in_cookies(const Request& request) {
  std::vector<std::string_view> found;
  for (const auto& name : {cookie_name(request), plain_name(request)}) {
    find_cookies(request, name, found);
  }
  return found;
}

bool presents_credential(const Request& request) {
  return !request.all("Authorization").empty() || !sign_in_cookies(request).empty();
}

std::optional<auth::Identity> authenticate(const auth::Auth& auth, const Request& request) {
  const auto authorizations = request.all("Authorization");
  if (authorizations.size() > 1) return std::nullopt;
  if (authorizations.size() == 1) {
    const auto token = bearer_token(authorizations.front());
    return token ? auth.check_token(*token) : std::nullopt;
  }
  for (const auto cookie : sign_in_cookies(request)) {
    if (auto identity = auth.check_sign_in(cookie)) return identity;
  }
  return std::nullopt;
}

std::string set_cookie(const Request& request, const Secret& cookie, std::int64_t max_age_seconds) {
  return cookie_name(request)
      .append("=")
      .append(cookie.reveal())
      .append(request.secure ? "; Secure" : "")
      .append(kAttributes)
      .append(std::to_string(max_age_seconds));
}

std::string clear_cookie(const Request& request) {
  return set_cookie(request, Secret(), 0);
}

std::optional<std::string> mark_sign_in(const Request& request, bool signed_in) {
  const auto name = std::string(kSignedInMark) + "_" + port_of(request);
  std::vector<std::string_view> marks;
  find_cookies(request, name, marks);
  if (marks.empty() != signed_in) return std::nullopt;
  return name + "=1; SameSite=Strict; Path=/; Max-Age=" + std::string(signed_in ? kYear : "0");
}

}  // namespace cc::api
