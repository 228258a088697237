#pragma once
// Parses whole lists. A row that cannot be used, or that repeats another, is skipped and counted.
// An answer that is not a list is an error (kInvalid, kTooLarge), so that no row leaves because of
// it.

#include "gateway/protocol/interpret.h"
#include "gateway/protocol/members.h"

namespace cc::gateway::protocol {

/// Reads the fields of one row, whose id is known to be one.
using ReadAgent = fleet::AgentPatch (*)(const Members& row, std::string id);
[[nodiscard]] std::vector<fleet::AgentPatch> read_agents(simdjson::dom::array rows,
                                                         Skipped& skipped, ReadAgent read);
/// Never complete: one answer cannot tell.
[[nodiscard]] fleet::SessionList read_sessions(simdjson::dom::array rows, bool complete_rows,
                                               Skipped& skipped);

[[nodiscard]] Result<fleet::AgentList> read_agents_list(simdjson::dom::element payload,
                                                        Skipped& skipped);
[[nodiscard]] Result<Interpreter::SessionsPage> read_sessions_list(simdjson::dom::element payload,
                                                                   Skipped& skipped);
/// What `sessions.describe` answers: a list of one session, or of none where there is no such.
[[nodiscard]] Result<fleet::SessionList> read_described(simdjson::dom::element payload,
                                                        Skipped& skipped);
/// An array, as `system-presence` answers and as a hello's snapshot holds.
[[nodiscard]] Result<fleet::PresenceList> read_presence_answer(simdjson::dom::element payload,
                                                               Skipped& skipped);

}  // namespace cc::gateway::protocol
