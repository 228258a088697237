#pragma once
// How one gateway is reached.

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/extra_headers.h"
#include "base/result.h"
#include "base/secret.h"
#include "gateway/protocol/handshake.h"
#include "gateway/protocol/setting_names.h"
#include "gateway/timing.h"

namespace cc::gateway {

/// Where a secret comes from. It is asked at each connect and each poll, so that a changed file is
/// picked up without a restart.
using SecretProvider = std::function<Result<Secret>()>;
/// What a provider says; an empty secret where there is no provider.
[[nodiscard]] inline Result<Secret> read_secret(const SecretProvider& provider) {
  return provider ? provider() : Result<Secret>(Secret());
}

/// Headers for a proxy ahead of the gateway; asked as a secret is.
using HeadersProvider = std::function<Result<ExtraHeaders>()>;
[[nodiscard]] inline Result<ExtraHeaders> read_headers(const HeadersProvider& provider) {
  return provider ? provider() : Result<ExtraHeaders>(ExtraHeaders());
}

struct LinkOptions {
  std::string name;
  std::optional<std::string> ws_url;    // ws:// or wss://; empty: no WebSocket client is configured
  std::optional<std::string> rest_url;  // http:// or https://; empty: no poller
  SecretProvider token;
  SecretProvider password;
  HeadersProvider headers;
  protocol::ProtocolRange protocols;
  command::Access access = command::Access::kRead;  // what is asked for
  Millis poll_interval{5'000};
  Millis ws_ready_timeout{30'000};
  std::optional<std::string> tls_fingerprint;  // SHA-256 of the certificate, hex; wss only
  std::filesystem::path device_tokens;         // file that keeps device tokens, 0600
  Timing timing;
  protocol::SettingNames settings;
};

}  // namespace cc::gateway
