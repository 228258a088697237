#include "api/middleware/origin_guard.h"

#include <algorithm>

#include "api/middleware/authority.h"

namespace cc::api {
namespace {

struct Scheme {
  std::string_view prefix;
  std::string_view port;
};
constexpr std::array kSchemes{Scheme{"http://", "80"}, Scheme{"https://", "443"}};

std::string port_or(const Authority& authority, std::string_view usual) {
  return authority.port.empty() ? std::string(usual) : authority.port;
}

/// TLS may end in a proxy ahead of us, so that either scheme can be our own; host and port must
/// agree.
bool is_own_origin(std::string_view origin, std::string_view host) {
  const auto own = parse_authority(host);
  return std::ranges::any_of(kSchemes, [&](const Scheme& scheme) {
    if (!origin.starts_with(scheme.prefix)) return false;
    const auto theirs = parse_authority(origin.substr(scheme.prefix.size()));
    return own && theirs && theirs->host == own->host &&
           port_or(*theirs, scheme.port) == port_or(*own, scheme.port);
  });
}

}  // namespace

bool is_foreign_write(const Request& request) {
  if (!writes(request.method)) return false;
  const auto origins = request.all("Origin");
  const auto sites = request.all("Sec-Fetch-Site");
  const std::string_view host = request.only("Host").value_or("");
  const bool own_origin =
      std::ranges::all_of(origins, [&](auto origin) { return is_own_origin(origin, host); });
  const bool own_site =
      std::ranges::all_of(sites, [](auto site) { return site == "same-origin" || site == "none"; });
  return origins.size() > 1 || sites.size() > 1 || !own_origin || !own_site;
}

}  // namespace cc::api
