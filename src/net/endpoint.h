#pragma once
// The parsed URL of a server, without credentials, so it can be printed.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace cc::net {

struct Endpoint {
  bool tls = false;
  std::string host;  // without the brackets of an IPv6 literal
  std::uint16_t port = 0;
  std::string target;  // path and query, at least "/"

  /// ws, wss, http or https. The message of kInvalid is a phrase that says what is wrong, without
  /// repeating the URL: "names no host".
  [[nodiscard]] static Result<Endpoint> parse(std::string_view url);

  /// `host:port`, as in sentences and in the Host header.
  [[nodiscard]] std::string authority() const;
  /// `scheme://host:port/path`, without the query: for sentences, and as a name of this server.
  [[nodiscard]] std::string display(std::string_view scheme) const;
  [[nodiscard]] bool is_loopback() const;
  [[nodiscard]] bool is_address() const;  // a literal, no name to be looked up
};

}  // namespace cc::net
