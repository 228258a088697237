#pragma once
// Why an agent has its status, for people: what happened, then the title of the session where it
// has one. Part of `merge`.

#include "fleet/rules/draft.h"

namespace cc::fleet {

struct StatusReason {
  Text text;
  Text session_key;   // of the session that the text is about
  Time silent_since;  // kStalled: when the silent run showed its last progress
};

/// `status` follows from `runs`, and holds since `since`.
[[nodiscard]] StatusReason reason_for(const Draft& draft, AgentStatus status, TimeMs since,
                                      const AgentRuns& runs);

}  // namespace cc::fleet
