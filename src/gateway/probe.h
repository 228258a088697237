#pragma once
// Tests one gateway once: connection and handshake, and the REST endpoint. Asks the gateway for
// nothing else. Each probe blocks for as long as the gateway takes, half a minute at most.

#include <cstddef>
#include <optional>
#include <string>

#include "base/result.h"
#include "gateway/link_options.h"
#include "gateway/protocol/device_identity.h"
#include "gateway/protocol/refusal.h"

namespace cc::gateway {

struct WsProbe {
  std::optional<protocol::Hello> hello;  // without its presence
  protocol::Verdict verdict;             // where there is no hello
};
/// `options.ws_url` must be set. An error, for people: a secret cannot be read.
[[nodiscard]] Result<WsProbe> probe_ws(const LinkOptions& options,
                                       const protocol::DeviceIdentity& identity);

struct RestProbe {
  enum class Kind {
    kAgents,     // it lists agents
    kToolsOnly,  // it has no list of agents; the gateway's tools answer
    kDenied,     // 401 or 403
    kTrouble     // anything else
  };
  Kind kind = Kind::kTrouble;
  std::size_t agents = 0;  // kAgents
  int status = 0;          // kDenied
  std::string trouble;     // kTrouble: a phrase, "connection refused"
};
/// `options.rest_url` must be set. An error, for people: a secret cannot be read.
[[nodiscard]] Result<RestProbe> probe_rest(const LinkOptions& options);

}  // namespace cc::gateway
