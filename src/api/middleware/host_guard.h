#pragma once
// Checks whether a request is meant for this server. Stops DNS rebinding, where a web page points
// its own name at our address; on loopback too.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/request.h"

namespace cc::api {

enum class HostVerdict { kOurs, kMalformed, kMisdirected };

/// Immutable after construction.
class HostGuard {
 public:
  /// `listen_host` as configured, IPv6 without brackets; `allowed` are further names or literals,
  /// in any case.
  HostGuard(std::string_view listen_host, const std::vector<std::string>& allowed);

  /// kMalformed: no Host, several, or one that is none. The port is not looked at.
  [[nodiscard]] HostVerdict judge(const Request& request) const;

 private:
  [[nodiscard]] bool is_ours(const std::string& name, std::string_view local) const;

  std::set<std::string, std::less<>> names_;
};

}  // namespace cc::api
