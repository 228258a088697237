#pragma once
// Text that is nearly JSON, made JSON (docs/protocol/gateway.md, "Frames").

#include <string>
#include <string_view>

namespace cc::gateway::protocol {

/// A copy in which, inside of strings, invalid UTF-8, lone surrogates and raw control characters
/// are U+FFFD, and, outside of them, integers too long for 64 bits are written as fractions.
/// Everything else is as it was, so what is broken otherwise stays broken. At most three times as
/// long as `text`.
[[nodiscard]] std::string repair(std::string_view text);

}  // namespace cc::gateway::protocol
