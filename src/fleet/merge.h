#pragma once
// The rules: what an observation means for the fleet. Pure: no I/O, no clock (time is in the
// observation). The wire facts behind each rule are in docs/protocol/gateway.md.

#include <vector>

#include "fleet/change_set.h"
#include "fleet/observation.h"
#include "fleet/state/overlay.h"

namespace cc::fleet {

struct MergeRules {
  /// A run without a sign of progress for this long makes its agent `stalled`.
  Millis stall_after = std::chrono::minutes(10);
};

/// What `observation` changes in `view`; nothing changed makes an empty change set. For TimePassed,
/// call `merge_time` instead.
/// `listened`: the listening clock, which counts the time in which gateways could be heard.
[[nodiscard]] ChangeSet merge(const Overlay& view, const Observation& observation,
                              Millis listened = Millis(0));

/// What the passing of time changes: one change set for each gateway in which something did.
[[nodiscard]] std::vector<ChangeSet> merge_time(const Overlay& view, TimeMs now, Millis listened,
                                                const MergeRules& rules);

}  // namespace cc::fleet
