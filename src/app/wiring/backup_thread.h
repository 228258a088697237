#pragma once
// Where copies of the database are made: beside the writer, and beside everybody who is served.

#include <filesystem>
#include <functional>
#include <stop_token>

#include "app/wiring/io_thread.h"
#include "base/result.h"
#include "store/store.h"
#include "telemetry/log.h"

namespace cc::app {

/// One copy at a time, on a thread that yields to all others.
class BackupThread {
 public:
  using Done = std::function<void(Result<void>)>;

  /// `store` must outlive it.
  BackupThread(store::Store& store, telemetry::Log& log);

  /// Makes the copy after those that were asked for before, and calls `done` once, on its own
  /// thread. From any thread.
  void back_up(std::filesystem::path file, Done done);

  /// Gives up the copy under way and those that wait: each is done with kCancelled before this
  /// returns.
  void stop();

 private:
  store::Store& store_;
  std::stop_source stop_;
  IoThread thread_;
};

}  // namespace cc::app
