#pragma once
// Fills in the activity of the hour before the start, from the journal.

#include <stop_token>

#include "fleet/state/activity.h"
#include "store/store.h"

namespace cc::app {

/// No more of the journal is read than this, so that a start after a busy hour stays cheap; what is
/// older is then missing from the activity.
inline constexpr std::size_t kMaxFilledEntries = 250'000;
inline constexpr std::size_t kMaxFilledBytes = 256U << 20U;

/// Counts the changes of the hour that ends at `now` and have numbers below `before`, newest first,
/// until it is told to stop. Blocking; on a thread of its own, beside the writer. Errors: what the
/// journal says.
[[nodiscard]] Result<void> fill_activity(fleet::Activity& activity, store::Store& store, Seq before,
                                         TimeMs now, const std::stop_token& stop);

}  // namespace cc::app
