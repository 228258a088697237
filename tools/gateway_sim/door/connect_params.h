#pragma once
// The parameters of `connect`, checked against the protocol's schema.

#include <optional>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "gateway_sim/world/model.h"

namespace cc::sim {

struct ConnectParams {
  std::int64_t min_protocol = 0;
  std::int64_t max_protocol = 0;
  std::string client_id, display_name, version, platform, device_family, mode, instance_id;
  std::string role;
  std::vector<std::string> scopes;
  std::vector<std::string> caps;
  bool has_device = false;
  std::string device_id, public_key, signature, nonce;
  std::int64_t signed_at = 0;
  std::optional<std::string> token, password, device_token, bootstrap_token;
};

/// "at /client/id: must be equal to one of the allowed values", or nothing.
[[nodiscard]] std::optional<std::string> find_connect_fault(const boost::json::object& params,
                                                            Protocol protocol);

/// Of parameters without fault.
[[nodiscard]] ConnectParams read_connect(const boost::json::object& params);

}  // namespace cc::sim
