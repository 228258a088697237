#include "api/middleware/origin_guard.h"

#include <algorithm>

#include "api/middleware/authority.h"

namespace cc::api {
namespace {

struct Scheme {
  std::string_view prefix;
  std::string_view port;
  bool secure;
};
constexpr std::array kSchemes{Scheme{"http://", "80", false}, Scheme{"https://", "443", true}};

std::string port_or(const Authority& authority, std::string_view usual) {
  return authority.port.empty() ? std::string(usual) : authority.port;
}

/// A proxy may terminate TLS without telling us. So either scheme can be ours, unless we know that
/// it is https. Host and port must agree.
bool is_own_origin(std::string_view origin, const Request& request) {
  const auto own = parse_authority(request.only("Host").value_or(""));
  return std::ranges::any_of(kSchemes, [&](const Scheme& scheme) {
    if (!origin.starts_with(scheme.prefix)) return false;
    if (request.secure && !scheme.secure) return false;
    const auto theirs = parse_authority(origin.substr(scheme.prefix.size()));
    return own && theirs && theirs->host == own->host &&
           port_or(*theirs, scheme.port) == port_or(*own, scheme.port);
  });
}

}  // namespace

bool is_from_another_site(const Request& request) {
  const auto sites = request.all("Sec-Fetch-Site");
  return sites.size() > 1 || !std::ranges::all_of(sites, [](auto site) {
           return site == "same-origin" || site == "none";
         });
}

bool is_foreign_write(const Request& request) {
  if (!writes(request.method)) return false;
  const auto origins = request.all("Origin");
  const bool own_origin =
      std::ranges::all_of(origins, [&](auto origin) { return is_own_origin(origin, request); });
  return origins.size() > 1 || !own_origin || is_from_another_site(request);
}

}  // namespace cc::api
