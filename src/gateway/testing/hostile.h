#pragma once
// For tests and fuzzing: reads bytes in every way that a gateway's bytes are read, and checks what
// must hold of the outcome whatever they are.

#include <string>
#include <string_view>

#include "gateway/protocol/frame.h"

namespace cc::gateway::protocol {

/// What does not hold, in words; empty where all does.
[[nodiscard]] std::string read_hostile_frame(FrameParser& parser, std::string_view bytes,
                                             int protocol);
/// As above, for the body of a REST answer.
[[nodiscard]] std::string read_hostile_body(std::string_view bytes);

}  // namespace cc::gateway::protocol
