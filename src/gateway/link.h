#pragma once
// One gateway: a WebSocket client and a REST poller that share nothing but an arbiter, which both
// report to and both ask. Submits observations to the sink; never calls anything to its left.

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "fleet/sink.h"
#include "gateway/protocol/device_identity.h"
#include "gateway/protocol/handshake.h"
#include "gateway/timing.h"
#include "telemetry/log.h"
#include "telemetry/metrics.h"

namespace cc::gateway {

struct LinkOptions {
  std::string name;
  std::optional<std::string> ws_url;    // ws:// or wss://; empty: no WebSocket client is configured
  std::optional<std::string> rest_url;  // http:// or https://; empty: no poller
  /// Read at each connect and each poll, so that a changed file is picked up without a restart.
  std::function<Result<Secret>()> token;
  std::function<Result<Secret>()> password;
  protocol::ProtocolRange protocols;
  Millis poll_interval{5'000};
  Millis ws_ready_timeout{30'000};
  std::optional<std::string> tls_fingerprint;  // SHA-256 of the certificate, hex; wss only
  std::filesystem::path device_tokens;         // file that keeps device tokens, 0600
  Timing timing;
};

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
