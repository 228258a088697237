#pragma once
// What a proxy ahead of us says of the client. Anybody can write such headers, so they count only
// from addresses that the operator named.

#include <vector>

#include "api/http/request.h"
#include "base/network.h"

namespace cc::api {

/// Immutable after construction.
class Forwarded {
 public:
  explicit Forwarded(std::vector<Network> proxies);

  /// Where the connection is a trusted proxy's: `peer` becomes the last address of
  /// `X-Forwarded-For` that is no trusted proxy's, and `secure` what `X-Forwarded-Proto` says.
  /// Without those headers, or from anybody else, both stay what the connection says.
  void apply(Request& request) const;

 private:
  [[nodiscard]] bool trusts(std::string_view address) const;
  [[nodiscard]] std::string client_of(const Request& request) const;

  std::vector<Network> proxies_;
};

}  // namespace cc::api
