#pragma once
// One gateway: the facade of this module. A WebSocket client and a REST poller report to one
// arbiter, which decides who of them speaks. What they hear goes to the sink as observations.

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "base/clock.h"
#include "fleet/gateway_reads.h"
#include "fleet/sink.h"
#include "gateway/commanding/fleet_view.h"
#include "gateway/link_options.h"
#include "gateway/protocol/device_identity.h"
#include "telemetry/log.h"
#include "telemetry/metrics.h"

namespace cc::gateway {

/// Lives on its executor, which one thread runs. Methods are thread-safe only where they say so.
class Link {
 public:
  struct Parts {
    boost::asio::any_io_executor executor;
    fleet::ObservationSink& sink;
    const Clock& clock;
    telemetry::Log& log;
    telemetry::Metrics& metrics;
    protocol::DeviceIdentity identity;
    const FleetView* fleet = nullptr;  // null: nothing is known of it, as in tests
  };

  Link(Parts parts, LinkOptions options);
  /// Destroy it after `stopped` was called, or when the executor runs nothing more.
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  void start();
  /// Closes the connection (1000) and stops polling; `stopped` is called on the executor when
  /// nothing runs any more.
  void stop(std::function<void()> stopped);
  /// Requests a resync over the current connection. It runs soon, and once even if requested often.
  /// Thread-safe.
  void request_resync(const std::string& reason);
  /// A row of a command of this gateway was published. Thread-safe.
  void published(std::shared_ptr<const fleet::Command> command);
  /// Reads what somebody looks at, over the current connection (fleet/gateway_reads.h).
  /// Thread-safe.
  void read(fleet::Reading what, std::function<void(Result<std::string>)> done);
  /// Reads one session again over the current connection. Thread-safe.
  void request_check(const std::string& session);
  /// Tries to connect soon instead of at the next time: `Timing::backoff_first` after the last try
  /// at the earliest. Nothing while there is a connection. Thread-safe.
  void retry_now();
  /// Its row says from now on that not all of the gateway is kept, or no longer. Thread-safe.
  void has_too_many(bool too_many);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace cc::gateway
