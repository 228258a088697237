#pragma once
// Names of hosts as they stand in `Host` and `Origin`.

#include <array>
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

/// The bytes of an address literal, IPv4 as mapped into IPv6, so that one address has one form.
[[nodiscard]] std::optional<std::array<unsigned char, 16>> address_bytes(std::string_view literal);

}  // namespace cc::api
