#pragma once
// What the routes work with. Made by the server, handed to every handler.

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "auth/audit.h"
#include "auth/auth.h"
#include "base/clock.h"
#include "base/result.h"
#include "fleet/activity.h"
#include "fleet/published.h"
#include "store/store.h"
#include "telemetry/log.h"
#include "telemetry/metrics.h"

namespace cc::api {

/// The state of one part, for `/readyz`. A gateway that cannot be reached (`gateway:NAME`) is shown
/// and does not make us unready: serving what was last known is the job.
struct PartState {
  std::string name;  // database, ingest, gateway:NAME, …
  bool ready = true;
  std::string detail;
};

/// What the server tells about itself.
struct About {
  std::string version;
  std::string database;                   // the kind: sqlite, …
  Millis retention{0};                    // how long the journal is kept
  std::optional<std::string> token_file;  // where the admin token lies; empty: it was given by hand
};

/// Lives as long as the server; used on its thread alone.
struct Services {
  const fleet::PublishedFleet& published;
  const fleet::Activity& activity;
  store::Store& store;
  auth::Auth& auth;
  auth::Audit& audit;
  const Clock& clock;
  telemetry::Log& log;
  telemetry::Metrics& metrics;
  std::function<std::vector<PartState>()> parts;
  std::function<void(std::filesystem::path, std::function<void(Result<void>)>)> back_up;
  std::filesystem::path scratch;
  About about;
  TimeMs started_at = 0;
  std::function<std::size_t()> readers;  // of the stream, now
  /// Runs a step once everything that waits for the thread has had its turn.
  std::function<void(std::function<void()>)> post;
  /// Opened by the first page of the journal that is asked for; dropped when it fails.
  std::unique_ptr<store::JournalReader> journal = {};
};

}  // namespace cc::api
