#pragma once
// The one ordered path: observation → change set → commit → publish → wake. Nothing else changes
// the fleet.

#include <functional>
#include <memory>
#include <thread>

#include "base/clock.h"
#include "fleet/change_listener.h"
#include "fleet/merge.h"
#include "fleet/published.h"
#include "fleet/sink.h"
#include "store/commit_listener.h"
#include "store/store.h"
#include "telemetry/log.h"
#include "telemetry/metrics.h"

namespace cc::ingest {

struct IngestOptions {
  fleet::MergeRules rules;
  /// Most observations in one transaction.
  std::size_t max_batch = 4096;
  /// Above this many queued, only the latest row per identity is kept and what cannot be folded is
  /// dropped.
  std::size_t queue_mark = 16 * 1024;
  /// How often time itself is observed (stalls, expiries), and how often retention and maintenance
  /// get a turn.
  Millis tick = std::chrono::seconds(1);
  Millis retention_period = std::chrono::days(7);
  std::uint64_t retention_bytes = std::uint64_t{2} << 30U;
};

/// Owns its thread. Everything handed in must outlive it.
class Ingest final : public fleet::ObservationSink {
 public:
  struct Parts {
    store::Store& store;
    fleet::PublishedFleet& published;
    store::CommitListener& listener;
    const Clock& clock;
    telemetry::Log& log;
    telemetry::Metrics& metrics;
    fleet::ChangeListener* changes = nullptr;  // null: nobody wants to know of rows
  };

  Ingest(Parts parts, IngestOptions options);
  ~Ingest() override;
  Ingest(const Ingest&) = delete;
  Ingest& operator=(const Ingest&) = delete;

  /// Is asked for a resync after something of a gateway was dropped. Set it before `start`.
  void on_dropped(fleet::ResyncRequests& resync);

  void start();
  /// Takes what is queued, commits it, and ends the thread. What comes later is settled with
  /// kCancelled.
  void stop();

  void submit(fleet::Observation observation, fleet::Settled settled = {}) override;

  /// Whether the last transaction worked. Thread-safe.
  [[nodiscard]] bool storage_works() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cc::ingest
