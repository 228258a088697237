#pragma once
// Who is at the other end of a connection, once it was let in.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "gateway_sim/story/event.h"
#include "gateway_sim/world/model.h"

namespace cc::sim {

struct Client {
  std::string connection_id;
  std::string client_id;
  std::string display_name;
  std::string mode;
  std::string version;
  std::string platform;
  std::string device_family;
  std::string device_id;  // empty: came without a device
  std::string instance_id;
  std::string role;
  std::vector<std::string> scopes;
  std::vector<std::string> caps;
  bool subscribed = false;

  /// `operator.admin` holds all the others, `operator.write` holds `operator.read`.
  [[nodiscard]] bool may(std::string_view scope) const {
    const auto has = [&](std::string_view one) {
      return std::find(scopes.begin(), scopes.end(), one) != scopes.end();
    };
    if (scope.empty() || has(scope) || has("operator.admin")) return true;
    return scope == "operator.read" && has("operator.write");
  }
  [[nodiscard]] bool can(std::string_view cap) const {
    return std::find(caps.begin(), caps.end(), cap) != caps.end();
  }

  [[nodiscard]] bool hears(Audience audience, Protocol protocol) const {
    switch (audience) {
      case Audience::kAll: return true;
      case Audience::kReaders: return may("operator.read");
      case Audience::kSubscribers: return subscribed;
      case Audience::kPairers: return may("operator.pairing");
      case Audience::kApprovers:
        return may("operator.approvals") &&
               (protocol == Protocol::kV3 || can("exec-approvals") || can("approvals"));
    }
    return false;
  }
};

}  // namespace cc::sim
