#pragma once
// Which agents and sessions a change touches: asked of a change set when it is new, and of the
// stored body of an entry when it comes from the journal. The two agree.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fleet/change_set.h"

namespace cc::fleet {

/// The agent that a gateway's key names (`agent:ID:…`), a view into it; empty where it names none.
/// What is left to go by once a session's row is gone.
[[nodiscard]] std::optional<std::string_view> agent_in_key(std::string_view session_key);

/// The agents of what is journaled: named themselves, or by a session of theirs. Each once, in
/// order; views into `changes`.
[[nodiscard]] std::vector<std::string_view> touched_agents(const ChangeSet& changes);

struct Touched {
  std::vector<std::string> agents;    // as above: each once, in order
  std::vector<std::string> sessions;  // keys, as they stand in the body
  Seq part = 1;                       // of a change set that was split; else 1
};

/// Reads the body of an entry. Thread-safe. kCorrupt where it is not one.
[[nodiscard]] Result<Touched> read_touched(std::string_view body);

}  // namespace cc::fleet
