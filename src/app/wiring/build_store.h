#pragma once
// The database of a configuration, and the fleet that stands in it.

#include <memory>

#include "app/config/config.h"
#include "fleet/state/published.h"
#include "store/store.h"

namespace cc::app {

[[nodiscard]] Result<std::unique_ptr<store::Store>> build_store(const Config& config);

/// Everything that the store holds, at its newest entry.
[[nodiscard]] Result<std::unique_ptr<fleet::PublishedFleet>> build_fleet(store::Store& store);

}  // namespace cc::app
