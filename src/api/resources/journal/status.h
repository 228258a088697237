#pragma once
// What runs here, and how much of the journal there is.

#include <functional>
#include <string>

#include "api/routes/call.h"
#include "base/clock.h"
#include "store/store.h"
#include "telemetry/log.h"

namespace cc::api {

/// What the server tells about itself.
struct About {
  std::string version;
  std::string database;  // the kind: sqlite, …
  Millis retention{0};   // how long the journal is kept
  TimeMs started_at = 0;
};

class StatusResource {
 public:
  struct Parts {
    const store::Store& store;
    telemetry::Log& log;
    std::function<std::size_t()> readers;  // of the stream, now; thread-safe
    /// How far the newest entry is dated ahead of the clock. Thread-safe; empty: not known.
    std::function<Millis()> dated_ahead = {};
  };
  StatusResource(Parts parts, About about) : parts_(std::move(parts)), about_(std::move(about)) {}

  [[nodiscard]] Answer show(const Call& call) const;

 private:
  [[nodiscard]] Response response(store::JournalReader& journal) const;

  Parts parts_;
  About about_;
};

}  // namespace cc::api
