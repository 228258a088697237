#pragma once
// The HTTP side: one listener, the routes of the contract, the stream.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "api/limits.h"
#include "api/services.h"
#include "api/tls/tls_gate.h"
#include "auth/audit.h"
#include "auth/auth.h"
#include "base/clock.h"
#include "base/network.h"
#include "base/result.h"
#include "fleet/activity.h"
#include "fleet/published.h"
#include "store/store.h"
#include "stream/stream.h"
#include "telemetry/log.h"
#include "telemetry/metrics.h"

namespace cc::api {

struct ServerOptions {
  std::string host;  // the listen name or address literal; IPv6 without brackets
  unsigned short port = 8787;
  std::vector<std::string> allowed_hosts;
  std::vector<Network> trusted_proxies;  // what they say of the client is believed
  About about;
  Limits limits;
};

/// Lives on its executor, which a single thread runs.
class Server {
 public:
  struct Parts {
    boost::asio::any_io_executor executor;
    const fleet::PublishedFleet& published;
    const fleet::Activity& activity;
    store::Store& store;
    stream::Stream& stream;
    auth::Auth& auth;
    auth::Audit& audit;
    const Clock& clock;
    telemetry::Log& log;
    telemetry::Metrics& metrics;
    /// What `/readyz` tells; thread-safe.
    std::function<std::vector<PartState>()> parts;
    /// Makes a copy of the database at the path, on the writer's thread, and calls back on any
    /// thread.
    std::function<void(std::filesystem::path, std::function<void(Result<void>)>)> back_up;
    /// Where that copy may stand until it is sent.
    std::filesystem::path scratch;
    /// Where TLS ends; null: plain HTTP. Outlives the server.
    TlsGate* tls = nullptr;
  };

  Server(Parts parts, ServerOptions options);
  ~Server();

  /// Binds and listens. kInUse where the address is taken, kInvalid where it is not one of this
  /// machine.
  [[nodiscard]] Result<void> listen();
  /// The port really bound (where 0 was asked for).
  [[nodiscard]] unsigned short port() const;
  void start();
  /// Stops accepting, lets requests end and drains the stream (what is still open after 3 s is
  /// cut), then calls back. On the executor.
  void stop(std::function<void()> stopped);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace cc::api
