#pragma once
// Frames of the gateway protocol, versions 3 and 4, as they are on the wire: one JSON object per
// text message (docs/protocol/gateway.md, "Frames"). Pure: bytes in, values out. Everything in here
// is untrusted.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <simdjson.h>

#include "base/clock.h"
#include "base/result.h"

namespace cc::gateway::protocol {

/// The gateway's own limit after the handshake. Larger frames are not read.
inline constexpr std::size_t kMaxFrameBytes = 26'214'400;

/// `error` of a response. Absent members are empty. `details` of the wire is flattened into what we
/// act on.
struct WireError {
  std::string code;
  std::string message;
  bool retryable = false;
  std::optional<Millis> retry_after;
  std::string detail_code;    // details.code
  std::string detail_reason;  // details.reason
  std::string request_id;     // details.requestId (pairing)
  std::string device_id;      // details.deviceId
  std::string missing_scope;  // details.missingScope, or read from "missing scope: X" (protocol 3)
  std::string recommended_next_step;              // details.recommendedNextStep
  std::optional<std::int64_t> expected_protocol;  // details.expectedProtocol
  bool can_retry_with_device_token = false;
  std::optional<bool> pause_reconnect;
};

struct ResponseFrame {
  std::string_view id;
  bool ok = false;
  simdjson::dom::element payload;  // null where absent
  WireError error;
};

struct EventFrame {
  std::string_view name;
  std::optional<std::int64_t> seq;
  std::optional<std::int64_t> presence_version;  // stateVersion.presence
  simdjson::dom::element payload;                // null where absent
};

/// A frame that we ignore: a request to us, or an unknown type.
struct OtherFrame {};

using Frame = std::variant<ResponseFrame, EventFrame, OtherFrame>;

/// Parses one frame at a time and owns the memory behind the last one: its views and elements are
/// valid until the next call. Text that is JSON but for broken UTF-8 or lone surrogates is repaired
/// (U+FFFD) and read.
class FrameParser {
 public:
  FrameParser();
  ~FrameParser();
  FrameParser(FrameParser&&) noexcept;

  /// kTooLarge (bytes or nesting), kInvalid (not JSON, not an object, `type`, `id` or `event` of a
  /// wrong kind).
  /// `readable_after`: as for Document.
  [[nodiscard]] Result<Frame> parse(std::string_view bytes, std::size_t readable_after = 0);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// A request frame, ready to be sent. `params_json` is a JSON object.
[[nodiscard]] std::string request_frame(std::string_view id, std::string_view method,
                                        std::string_view params_json);

}  // namespace cc::gateway::protocol
