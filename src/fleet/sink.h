#pragma once
// Where observations go. Defined here, so that `gateway` need not know `ingest`, nor `ingest` its
// callers.

#include <functional>

#include "base/result.h"
#include "fleet/observation.h"

namespace cc::fleet {

/// Called once, on the sink's own thread, when the observation's fate is known: committed (value),
/// or given up because storage failed or the sink is stopping (error). Must not block; post to
/// where you live.
using Settled = std::function<void(Result<void>)>;

class ObservationSink {
 public:
  virtual ~ObservationSink() = default;
  /// Thread-safe, never blocks. Observations of one caller are merged in the order of the calls.
  virtual void submit(Observation observation, Settled settled = {}) = 0;
};

/// What `ingest` asks of the link to a gateway.
class ResyncRequests {
 public:
  virtual ~ResyncRequests() = default;
  /// Thread-safe. Something of this gateway's was dropped (overload, failed storage): read all of
  /// it again.
  virtual void request_resync(const std::string& gateway, const std::string& reason) = 0;
};

}  // namespace cc::fleet
