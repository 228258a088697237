#pragma once
// What calls are about: a table of methods for each subject, in the file of its name.

#include "gateway_sim/calls/method.h"

namespace cc::sim {

[[nodiscard]] Methods agent_methods();
[[nodiscard]] Methods approval_methods();
[[nodiscard]] Methods cron_methods();
[[nodiscard]] Methods device_methods();
/// Messages to a session, and the end of what they started.
[[nodiscard]] Methods message_methods();
/// Lists, subscriptions and look-ups.
[[nodiscard]] Methods session_methods();
[[nodiscard]] Methods session_change_methods();
[[nodiscard]] Methods system_methods();
[[nodiscard]] Methods usage_methods();

}  // namespace cc::sim
