#pragma once
// What the routes work with. Made by the server, handed to every handler.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "auth/auth.h"
#include "base/clock.h"
#include "base/result.h"
#include "fleet/published.h"
#include "observe/log.h"
#include "observe/metrics.h"
#include "store/store.h"

namespace cc::api {

/// The state of one part, for `/readyz`. A gateway that cannot be reached (`gateway:NAME`) is shown
/// and does not make us unready: serving what was last known is the job.
struct PartState {
  std::string name;  // database, ingest, gateway:NAME, …
  bool ready = true;
  std::string detail;
};

/// Lives as long as the server; used on its thread alone.
struct Services {
  const fleet::PublishedFleet& published;
  store::Store& store;
  auth::Auth& auth;
  const Clock& clock;
  observe::Log& log;
  observe::Metrics& metrics;
  std::function<std::vector<PartState>()> parts;
  std::function<void(std::filesystem::path, std::function<void(Result<void>)>)> back_up;
  std::filesystem::path scratch;
  std::string version;
  /// Opened by the first page of the journal that is asked for; dropped when it fails.
  std::unique_ptr<store::JournalReader> journal = {};
};

}  // namespace cc::api
