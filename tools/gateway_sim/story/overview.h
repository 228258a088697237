#pragma once
// What shows the whole gateway at once: presence and health. They are told as events, given as
// answers and stand in the hello.

#include "gateway_sim/story/event.h"
#include "gateway_sim/world/world.h"

namespace cc::sim {

[[nodiscard]] std::string_view server_version(Protocol protocol);

/// The list of entries, an array.
void write_presence_list(JsonWriter& json, const World& world, Protocol protocol);
/// Members of the health payload, no braces.
void write_health(JsonWriter& json, const World& world, Protocol protocol, TimeMs now);

[[nodiscard]] Event presence_event(const World& world, Protocol protocol);
[[nodiscard]] Event health_event(const World& world, Protocol protocol, TimeMs now);

}  // namespace cc::sim
