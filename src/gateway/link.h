#pragma once
// One gateway: the facade of this module. A WebSocket client and a REST poller report to one
// arbiter, which decides who of them speaks. What they hear goes to the sink as observations.

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "base/clock.h"
#include "fleet/sink.h"
#include "gateway/link_options.h"
#include "gateway/protocol/device_identity.h"
#include "telemetry/log.h"
#include "telemetry/metrics.h"

namespace cc::gateway {

/// Lives on the executor it is given, which one thread runs; thread-safe where it says so.
class Link {
 public:
  struct Parts {
    boost::asio::any_io_executor executor;
    fleet::ObservationSink& sink;
    const Clock& clock;
    telemetry::Log& log;
    telemetry::Metrics& metrics;
    protocol::DeviceIdentity identity;
  };

  Link(Parts parts, LinkOptions options);
  /// After `stopped` was called, or when the executor will run nothing more.
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  void start();
  /// Closes the connection (1000) and stops polling; `stopped` is called on the executor when
  /// nothing runs any more.
  void stop(std::function<void()> stopped);
  /// Reads everything again over the connection that is, soon and once however often it is asked.
  /// Thread-safe.
  void request_resync(const std::string& reason);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace cc::gateway
