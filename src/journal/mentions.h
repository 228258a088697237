#pragma once
// Which agents and sessions an entry names, read from its body; the agents are those that
// `fleet::mentioned_agents` finds in the change set.

#include <string>
#include <string_view>
#include <vector>

#include "base/cursor.h"
#include "base/result.h"

namespace cc::journal {

struct Mentions {
  std::vector<std::string> agents;    // each once, in order
  std::vector<std::string> sessions;  // keys, as they stand in the body
  Seq part = 1;                       // of a change set that was split; else 1
};

/// Reads the body of an entry. Thread-safe. kCorrupt where it is not one.
[[nodiscard]] Result<Mentions> read_mentions(std::string_view body);

}  // namespace cc::journal
