#pragma once
// The ordered path of a configuration, and what the configuration itself has to say on it.

#include <memory>

#include "app/config/config.h"
#include "ingest/ingest.h"

namespace cc::app {

[[nodiscard]] std::unique_ptr<ingest::Ingest> build_ingest(ingest::Ingest::Parts parts,
                                                           const Config& config);

/// Tells which gateways there are from now on, and which held ones have left; returns once that is
/// committed. kUnavailable where it cannot be, or takes longer than `limit`.
[[nodiscard]] Result<void> announce_gateways(fleet::ObservationSink& sink,
                                             const fleet::PublishedFleet& published,
                                             const Config& config, const Clock& clock,
                                             Millis limit);

}  // namespace cc::app
