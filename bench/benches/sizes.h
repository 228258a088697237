#pragma once
// What is measured at one size by itself, and at three by `growth`.

#include "bench/benches/setting.h"
#include "bench/subject/seed.h"

namespace cc::bench {

/// The nominal size; a small one in the brief version.
[[nodiscard]] inline FleetSize size_of(const Setting& setting) {
  return setting.brief ? FleetSize{.agents = 50, .sessions = 500, .entries = 20'000} : FleetSize{};
}

/// Exec to the first answer.
[[nodiscard]] double start_seconds(const Setting& setting, const Seed& seed);

/// A reader that was away reads all of the journal while nothing else happens.
[[nodiscard]] double replay_seconds(const Setting& setting, const Seed& seed);

struct RestCosts {
  double page_cpu = 0;    // CPU seconds of a sorted page of sessions
  double search_cpu = 0;  // and of a search
};
[[nodiscard]] RestCosts rest_costs(const Setting& setting, const Seed& seed);

/// Bytes of memory of its own after a start.
[[nodiscard]] double started_bytes(const Setting& setting, const Seed& seed);

struct ResyncCost {
  double cpu_seconds = 0;     // of understanding, merging and committing
  double socket_seconds = 0;  // CPU of all else that the reading thread did: getting the bytes
  double wall_seconds = 0;    // from the cut to `live` again, with all the waiting
  double bytes = 0;           // that the gateway sent
  double rows_written = 0;
};
/// A gateway of this size is cut off and comes back with `changed` of its sessions changed.
[[nodiscard]] ResyncCost resync_cost(const Setting& setting, std::size_t agents,
                                     std::size_t sessions, std::size_t changed);

/// CPU seconds that the threads which serve spend on one event for so many readers.
[[nodiscard]] double fanout_cpu_per_event(const Setting& setting, std::size_t readers);

/// CPU seconds that reading, merging and committing spend on one event of a fleet of this size.
[[nodiscard]] double ingest_cpu_per_event(const Setting& setting, std::size_t sessions);

}  // namespace cc::bench
