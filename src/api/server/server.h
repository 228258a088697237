#pragma once
// The HTTP server: one listener, the routes, the stream (docs/protocol/stream.md).

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "api/dispatcher.h"
#include "api/server/limits.h"
#include "api/tls/tls_gate.h"
#include "base/clock.h"
#include "base/result.h"
#include "stream/stream.h"
#include "telemetry/log.h"
#include "workers/worker_pool.h"

namespace cc::api {

struct ServerOptions {
  std::string host;  // the listen name or address literal; IPv6 without brackets
  unsigned short port = 8787;
  Limits limits;
};

/// Lives on its executor, which a single thread runs. The workers must have stopped when it goes.
class Server {
 public:
  struct Parts {
    boost::asio::any_io_executor executor;
    Dispatcher dispatcher;
    workers::WorkerPool& workers;
    stream::Stream& stream;
    const Clock& clock;
    telemetry::Log& log;
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
