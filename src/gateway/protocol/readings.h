#pragma once
// Conversations, devices, models and runs of jobs, which are read when somebody looks at them
// (fleet/gateway_reads.h). Pure. Only what is named here is passed on: a device's token, which a
// gateway of protocol 3 tells to everybody who may ask, is not.

#include <string>

#include "fleet/gateway_reads.h"
#include "gateway/protocol/frame.h"
#include "gateway/protocol/requests.h"

namespace cc::gateway::protocol {

/// kInvalid where `before` is none of ours.
[[nodiscard]] Result<Ask> ask_for(const fleet::Reading& what, int protocol);

/// The answer as the API shows it: the members of an object, without the braces. kInvalid where it
/// is none.
[[nodiscard]] Result<std::string> shown(const fleet::Reading& what, simdjson::dom::element payload,
                                        int protocol);

}  // namespace cc::gateway::protocol
