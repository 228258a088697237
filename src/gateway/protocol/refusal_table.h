#pragma once
// The tables behind `judge`: one row for each thing a gateway may say (docs/protocol/gateway.md,
// "Errors").

#include "gateway/protocol/refusal.h"

namespace cc::gateway::protocol {

/// What to do and what to say. In the sentences `{url}`, `{scope}`, `{url_setting}`,
/// `{token_setting}`, `{password_setting}`, `{offered}`, `{expected}`, `{status}`, `{code}` and
/// `{transport}` are placeholders. The gateway's own prose is never shown, because it might repeat
/// a token.
struct Refusal {
  Verdict::Kind kind;
  Millis delay;
  std::string_view detail;
  std::string_view action;
};

[[nodiscard]] const Refusal& protocol_mismatch();
[[nodiscard]] const Refusal& stale_handshake();
/// nullptr if the table has no row for it.
[[nodiscard]] const Refusal* refusal_by_detail_code(std::string_view code);
[[nodiscard]] const Refusal* refusal_by_code(std::string_view code);
[[nodiscard]] const Refusal* refusal_by_close_code(int code);
[[nodiscard]] const Refusal* refusal_by_http_status(int status);
/// Every reason has a row.
[[nodiscard]] const Refusal& refusal_by_pairing_reason(std::string_view reason);

}  // namespace cc::gateway::protocol
