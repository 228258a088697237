#include "api/middleware/host_guard.h"

#include <algorithm>

#include "api/middleware/authority.h"
#include "base/network.h"

namespace cc::api {
namespace {

/// A configured name may be an IPv6 literal with or without its brackets, or carry a port.
std::string normal_name(std::string_view configured) {
  if (address_bytes(configured)) return std::string(configured);
  const auto parsed = parse_authority(configured);
  return parsed ? parsed->host : std::string(configured);
}

bool is_loopback(const AddressBytes& address) {
  constexpr AddressBytes kV6{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  constexpr AddressBytes kV4{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 127};
  return address == kV6 || std::equal(kV4.begin(), kV4.begin() + 13, address.begin());
}

}  // namespace

HostGuard::HostGuard(std::string_view listen_host, const std::vector<std::string>& allowed) {
  names_.insert("localhost");
  if (!listen_host.empty()) names_.insert(normal_name(listen_host));
  for (const std::string& name : allowed) names_.insert(normal_name(name));
}

HostVerdict HostGuard::judge(const Request& request) const {
  const auto host = request.only("Host");
  const auto authority = host ? parse_authority(*host) : std::nullopt;
  if (!authority) return HostVerdict::kMalformed;
  return is_ours(authority->host, request.local) ? HostVerdict::kOurs : HostVerdict::kMisdirected;
}

bool HostGuard::is_ours(const std::string& name, std::string_view local) const {
  if (names_.contains(name)) return true;
  const auto address = address_bytes(name);
  if (!address) return false;
  return is_loopback(*address) || address == address_bytes(local) ||
         std::ranges::any_of(names_,
                             [&](const auto& ours) { return address_bytes(ours) == address; });
}

}  // namespace cc::api
