#pragma once
// Decides what to do when a gateway refuses us or closes (docs/protocol/gateway.md, "Errors").
// Pure.

#include <optional>
#include <string>

#include "gateway/protocol/handshake.h"
#include "gateway/protocol/setting_names.h"

namespace cc::gateway::protocol {

/// How a connection ended. Unknown parts are empty.
struct Ending {
  std::optional<WireError> error;  // the response to `connect`
  std::optional<int> close_code;   // WebSocket close code
  std::string close_reason;
  std::optional<int> http_status;  // the upgrade was answered with this instead of 101
  std::string transport;           // "connection refused", "no answer within 10 s", TLS trouble
  bool was_ready = false;          // the initial sync had been committed
  std::optional<Millis> restart_expected;  // from `shutdown`
};

struct Verdict {
  enum class Kind {
    kBackoff,     // 1 s, 2 s … 30 s
    kRetryAfter,  // after `delay`, and the backoff does not grow (starting gateways)
    kBlocked,     // a person must act; try again slowly, after `delay`
  };
  Kind kind = Kind::kBackoff;
  Millis delay{0};
  bool forget_device_token = false;  // it was refused: delete the stored one
  /// Retry once, immediately, with the stored device token instead of the shared one.
  bool retry_with_device_token = false;
  /// Retry once, immediately, without the device token: it was stale, and a shared secret is there.
  bool retry_without_device_token = false;
  /// The answer to the challenge came late, or met another challenge.
  bool stale = false;
  std::string detail;  // a sentence for people
  std::string action;  // the exact command or step; empty where there is none
};

struct RefusalContext {
  ProtocolRange offered;
  bool has_shared_secret = false;
  bool has_device_token = false;
  bool loopback_or_pinned = false;
  int stale_before = 0;  // how many in a row ended stale before this one
  std::string url;       // without secrets, for sentences
  SettingNames settings;
};

[[nodiscard]] Verdict judge(const Ending& ending, const RefusalContext& context);

}  // namespace cc::gateway::protocol
