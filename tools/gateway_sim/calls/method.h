#pragma once
// One method of the gateway: who may call it, with which parameters, and what answers it. A subject
// keeps its methods in one table; calls/subjects.h names the subjects.

#include <array>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json/object.hpp>

#include "gateway_sim/door/params.h"
#include "gateway_sim/gateway.h"

namespace cc::sim {

/// A call whose scope and parameters are in order.
struct Call {
  Gateway& gateway;
  Client& client;
  const boost::json::object& params;
};

/// The payload, JSON.
using Answer = std::expected<std::string, Refusal>;

/// The answer INVALID_REQUEST with this message.
[[nodiscard]] inline std::unexpected<Refusal> refused(std::string message) {
  return std::unexpected(invalid_request(std::move(message)));
}

/// Where a protocol does not know the method.
inline constexpr std::string_view kUnknown = "unknown method";

/// The scope that each protocol asks for.
struct Scopes {
  std::string_view v3;
  std::string_view v4;

  [[nodiscard]] constexpr std::string_view in(Protocol protocol) const {
    return protocol == Protocol::kV3 ? v3 : v4;
  }
};

inline constexpr Scopes kRead{"operator.read", "operator.read"};
inline constexpr Scopes kReadOnlyV3{"operator.read", kUnknown};
inline constexpr Scopes kReadOnlyV4{kUnknown, "operator.read"};
inline constexpr Scopes kWrite{"operator.write", "operator.write"};
inline constexpr Scopes kAdminThenWrite{"operator.admin", "operator.write"};
inline constexpr Scopes kAdmin{"operator.admin", "operator.admin"};
inline constexpr Scopes kApprovals{"operator.approvals", "operator.approvals"};
inline constexpr Scopes kApprovalsOnlyV4{kUnknown, "operator.approvals"};
inline constexpr Scopes kPairing{"operator.pairing", "operator.pairing"};

struct Method {
  std::string_view name;
  Scopes scopes;
  std::span<const Member> members;
  Answer (*run)(const Call&);

  [[nodiscard]] bool exists_in(Protocol protocol) const { return scopes.in(protocol) != kUnknown; }
};

using Methods = std::span<const Method>;

}  // namespace cc::sim
