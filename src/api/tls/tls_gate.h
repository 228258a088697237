#pragma once
// Terminates TLS ahead of the server. Each connection is decrypted on the gate's own thread and
// passed to the server over a socket pair. So the server and the streams see only plain sockets,
// and handshakes, which are the cost of TLS, delay no reader
// (docs/adr/0005-tls-ahead-of-the-server.md).

#include <functional>
#include <memory>
#include <optional>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "api/tls/certificate_watch.h"
#include "base/clock.h"

namespace cc::api {

/// A connection takes three descriptors: its own and the pair.
inline constexpr std::size_t kDescriptorsOverTls = 3;

/// Lives on its executor, which a single thread runs; it may end only when nobody runs that any
/// more.
class TlsGate {
 public:
  struct Limits {
    Millis handshake{10'000};  // from connecting to the end of the handshake
    Millis farewell{10'000};   // in which a client takes what the server had still to say
    Millis look_every{5'000};  // at the certificate's files
  };

  TlsGate(boost::asio::any_io_executor executor, std::shared_ptr<CertificateWatch> certificate,
          Limits limits);
  ~TlsGate();

  /// What sockets for `take` are made on.
  [[nodiscard]] boost::asio::any_io_executor executor() const;

  /// The server's end of a connection, on the server's executor; empty where no handshake came
  /// about.
  using Done = std::function<void(std::optional<boost::asio::ip::tcp::socket> inner)>;
  /// Takes over a connection that was just accepted. From any thread; `done` is called once, on
  /// `server`, and not at all where the gate ends first. `place` is kept until the connection is
  /// gone, which may be later than its end at the server, and let go of on `server`.
  void take(boost::asio::ip::tcp::socket outer, boost::asio::any_io_executor server, Done done,
            std::shared_ptr<void> place);

  /// Ends the oldest connection that no request needs, if there is one: it had no handshake yet, or
  /// the server has ended it and the client does not take the rest. From any thread.
  void make_room();

  /// No further connections; calls back once those that are there have ended, as the server ends
  /// them. From any thread, called back on the executor.
  void drain(std::function<void()> drained);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace cc::api
