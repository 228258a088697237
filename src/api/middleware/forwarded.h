#pragma once
// Reads what a proxy says about the client. Anybody can send such headers, so they count only from
// configured addresses.

#include <vector>

#include "api/http/request.h"
#include "base/network.h"

namespace cc::api {

/// Immutable after construction.
class Forwarded {
 public:
  explicit Forwarded(std::vector<Network> proxies);

  /// If the connection comes from a trusted proxy, `peer` becomes the last address of
  /// `X-Forwarded-For` that is not a trusted proxy, and `secure` follows `X-Forwarded-Proto`.
  /// Otherwise both stay what the connection says.
  void apply(Request& request) const;

 private:
  [[nodiscard]] bool trusts(std::string_view address) const;
  [[nodiscard]] std::string client_of(const Request& request) const;

  std::vector<Network> proxies_;
};

}  // namespace cc::api
