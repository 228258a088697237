#pragma once
// Rows of sessions, of agents and of presence, as gateways send them (docs/protocol/gateway.md,
// "Session rows", "Agents", "Presence").

#include "fleet/observation.h"
#include "gateway/protocol/members.h"

namespace cc::gateway::protocol {

/// No real gateway has a list with more rows; such a one is skipped as a whole.
inline constexpr std::size_t kMaxRows = 100'000;

struct KeyedRow {
  Members row;
  std::string_view key;
};
/// nullopt, and counted, where `row` is not an object or its member `name` is no identity.
[[nodiscard]] std::optional<KeyedRow> keyed_row(simdjson::dom::element row, std::string_view name,
                                                Skipped& skipped);

/// `key` has passed `as_identity`. `complete`: all of the row was sent. Its texts are kept in
/// `texts`.
[[nodiscard]] fleet::SessionPatch read_session(const Members& row, std::string_view key,
                                               bool complete, fleet::TextArena& texts);

/// The fields of an agent in `row`, under any of the names that gateways use.
[[nodiscard]] fleet::AgentPatch read_agent(const Members& row, std::string id);

/// A complete list. Of several entries of one client, the one that is online counts, else the
/// latest.
[[nodiscard]] fleet::PresenceList read_presence(simdjson::dom::array entries, Skipped& skipped);

}  // namespace cc::gateway::protocol
