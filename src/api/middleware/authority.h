#pragma once
// Names of hosts as they stand in `Host` and `Origin`.

#include <optional>
#include <string>
#include <string_view>

namespace cc::api {

struct Authority {
  std::string host;  // lower case; IPv6 without brackets
  std::string port;  // empty: not given
};

/// `name`, `name:port`, `[v6]` or `[v6]:port`; nullopt for anything else, user information
/// included.
[[nodiscard]] std::optional<Authority> parse_authority(std::string_view text);

}  // namespace cc::api
