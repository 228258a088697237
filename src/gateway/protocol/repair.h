#pragma once
// Repairs text that is nearly JSON (docs/protocol/gateway.md, "Frames").

#include <string>
#include <string_view>

namespace cc::gateway::protocol {

/// A copy. Inside strings, invalid UTF-8, lone surrogates and raw control characters become U+FFFD.
/// Outside strings, integers too long for 64 bits become fractions. Nothing else changes. At most
/// three times as long as `text`.
[[nodiscard]] std::string repair(std::string_view text);

}  // namespace cc::gateway::protocol
