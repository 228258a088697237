#pragma once
// What became of a command whose answer was lost: some gateways can tell when they are asked
// (docs/protocol/gateway.md, "Commands"). Pure.

#include <optional>

#include "gateway/protocol/requests.h"

namespace cc::gateway::protocol {

/// Empty where such a gateway cannot tell.
[[nodiscard]] std::optional<Ask> ask_for_fate(const fleet::Command& command, int protocol);

struct Fate {
  Answered answered;
  /// How the approval ended that the command was about.
  std::optional<fleet::ApprovalResolved> approval;
};
/// Empty where the answer does not tell: the approval waits still, the message is not there yet.
[[nodiscard]] std::optional<Fate> read_fate(const fleet::Command& command,
                                            simdjson::dom::element payload);

}  // namespace cc::gateway::protocol
