#pragma once
// The tables behind `judge`, a row each for what a gateway may say (docs/protocol/gateway.md,
// "Errors").

#include "gateway/protocol/refusal.h"

namespace cc::gateway::protocol {

/// What to do and what to say. In the sentences `{url}`, `{scope}`, `{url_setting}`,
/// `{token_setting}`, `{password_setting}`, `{offered}`, `{expected}`,
/// `{status}`, `{code}` and
/// `{transport}` are to be filled in; what the gateway wrote in prose never is, since it might
/// repeat what it was shown.
struct Refusal {
  Verdict::Kind kind;
  Millis delay;
  std::string_view detail;
  std::string_view action;
};

[[nodiscard]] const Refusal& protocol_mismatch();
[[nodiscard]] const Refusal& stale_handshake();
/// These answer nullptr where nothing is known of it.
[[nodiscard]] const Refusal* refusal_by_detail_code(std::string_view code);
[[nodiscard]] const Refusal* refusal_by_code(std::string_view code);
[[nodiscard]] const Refusal* refusal_by_close_code(int code);
[[nodiscard]] const Refusal* refusal_by_http_status(int status);
/// Any reason has one.
[[nodiscard]] const Refusal& refusal_by_pairing_reason(std::string_view reason);

}  // namespace cc::gateway::protocol
