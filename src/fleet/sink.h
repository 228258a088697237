#pragma once
// Receives observations. Defined here, so that `gateway` and `ingest` need not know each other.

#include <functional>

#include "base/result.h"
#include "fleet/observation.h"

namespace cc::fleet {

/// Called once, on the sink's thread: with a value when the observation was committed, with an
/// error when it was given up (storage failed, or the sink is stopping). Must not block; post to
/// your own thread.
using Ack = std::function<void(Result<void>)>;

class ObservationSink {
 public:
  virtual ~ObservationSink() = default;
  /// Thread-safe, never blocks. Observations of one caller are merged in the order of the calls.
  virtual void submit(Observation observation, Ack ack = {}) = 0;
};

/// What `ingest` asks of the link to a gateway.
class ResyncRequests {
 public:
  virtual ~ResyncRequests() = default;
  /// Thread-safe. Something of this gateway was dropped (overload, failed storage), so a resync is
  /// needed.
  virtual void request_resync(const std::string& gateway, const std::string& reason) = 0;
  /// Thread-safe. What is known of this session may be wrong, so its row is to be read: it comes
  /// back as SessionChecked. May be asked again and again.
  virtual void request_check(const std::string& gateway, const std::string& session) = 0;
  /// Thread-safe. From now on rows of this gateway are left out, since it has too many; or they are
  /// all kept again. What was left out is not known.
  virtual void has_too_many(const std::string& gateway, bool too_many) = 0;
};

}  // namespace cc::fleet
