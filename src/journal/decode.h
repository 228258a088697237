#pragma once
// Journal entries back into change sets: how a fleet is brought from one place in the journal to a
// later one without a gateway.

#include <string_view>

#include "base/result.h"
#include "fleet/change_set.h"

namespace cc::journal {

/// Reads the body of an entry. Applied to the fleet as it was before the entry, the change set
/// gives the fleet as it was after it, for every row; applied twice it gives the same. One part of
/// a change that was split is a change set of its own.
///
/// An entry does not hold everything that the change set held which it was made from: "still there"
/// times that moved alone, what is known of runs, and `gateway_speaks` (the gateway's row says it).
///
/// Groups and members that are not known are passed over: a later release wrote them. Thread-safe.
/// kCorrupt, saying what, where it is not the body of an entry, or a row in it cannot be read.
[[nodiscard]] Result<fleet::ChangeSet> decode(std::string_view body);

}  // namespace cc::journal
