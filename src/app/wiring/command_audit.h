#pragma once
// Writes down how commands ended. What is told on the writer's thread is written by a worker: the
// record is on a disk.

#include <memory>
#include <vector>

#include "auth/audit.h"
#include "base/guarded.h"
#include "fleet/rows/rows.h"
#include "fleet/state/published.h"
#include "telemetry/log.h"
#include "workers/worker_pool.h"

namespace cc::app {

/// Thread-safe. All of it must outlive the pool's last task.
class CommandAudit {
 public:
  CommandAudit(auth::Audit& audit, workers::WorkerPool& workers, telemetry::Log& log)
      : audit_(audit), workers_(workers), log_(log) {}

  void ended(std::shared_ptr<const fleet::Command> row);
  /// At the start: a process that was killed may not have written how the latest ones ended.
  void catch_up(const fleet::PublishedFleet& published);

 private:
  void write_all();
  void write(const fleet::Command& row);

  auth::Audit& audit_;
  workers::WorkerPool& workers_;
  telemetry::Log& log_;
  Mutex mutex_;
  std::vector<std::shared_ptr<const fleet::Command>> waiting_ GUARDED_BY(mutex_);
};

}  // namespace cc::app
