#pragma once
// A stored row, put back into the fleet. The same for every backend.

#include <string_view>

#include "base/result.h"
#include "fleet/codec.h"
#include "fleet/fleet.h"

namespace cc::store {

/// kCorrupt, naming the row, where its kind is not known, its JSON is not what `encode` wrote, or
/// it says that it is another row than the key it stood under.
[[nodiscard]] Result<void> load_row(fleet::Fleet& fleet, fleet::Table kind,
                                    std::string_view gateway, std::string_view id,
                                    std::string_view json);

}  // namespace cc::store
