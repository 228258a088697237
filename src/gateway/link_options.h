#pragma once
// How one gateway is reached.

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "gateway/protocol/handshake.h"
#include "gateway/timing.h"

namespace cc::gateway {

struct LinkOptions {
  std::string name;
  std::optional<std::string> ws_url;    // ws:// or wss://; empty: no WebSocket client is configured
  std::optional<std::string> rest_url;  // http:// or https://; empty: no poller
  /// Read at each connect and each poll, so that a changed file is picked up without a restart.
  std::function<Result<Secret>()> token;
  std::function<Result<Secret>()> password;
  protocol::ProtocolRange protocols;
  Millis poll_interval{5'000};
  Millis ws_ready_timeout{30'000};
  std::optional<std::string> tls_fingerprint;  // SHA-256 of the certificate, hex; wss only
  std::filesystem::path device_tokens;         // file that keeps device tokens, 0600
  Timing timing;
};

}  // namespace cc::gateway
