#pragma once
// One connection of the gate: TLS to the client, a plain socket to the server.

#include <array>
#include <functional>
#include <memory>
#include <optional>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>

#include "api/tls/certificate.h"
#include "api/tls/tls_gate.h"

// OpenSSL's own name for it.
struct ssl_st;

namespace cc::api {

/// Of one TLS record.
inline constexpr std::size_t kRecordBytes = 16 * 1024;
/// A shared buffer for data in transit. A connection that has to wait gets its own.
using Scratch = std::array<char, kRecordBytes>;

/// Lives on the gate's executor; `run` keeps it alive.
class Tunnel : public std::enable_shared_from_this<Tunnel> {
 public:
  struct Parts {
    const CertificateWatch& certificate;
    TlsGate::Limits limits;
    Scratch& scratch;
    boost::asio::any_io_executor server;
    TlsGate::Done done;
    std::shared_ptr<void> place;  // let go of on `server`, in the end
    std::function<void()> gone;   // called once, in the end
  };

  Tunnel(boost::asio::ip::tcp::socket outer, Parts parts);
  ~Tunnel();
  Tunnel(const Tunnel&) = delete;
  Tunnel& operator=(const Tunnel&) = delete;

  void run();
  void abort();
  [[nodiscard]] bool established() const { return established_; }
  /// Whether no request is lost with it.
  [[nodiscard]] bool is_spare() const { return !established_ || server_gone_ || outward_done_; }

 private:
  boost::asio::awaitable<void> begin();
  boost::asio::awaitable<bool> secure();
  boost::asio::awaitable<void> answer_in_plain();
  [[nodiscard]] bool connect_inner();
  boost::asio::awaitable<void> inward();
  boost::asio::awaitable<void> outward();
  boost::asio::awaitable<bool> write_out(std::size_t size);
  template <class Step>
  boost::asio::awaitable<int> complete(Step step);
  boost::asio::awaitable<bool> wait_for(int want);
  void tell_server(std::optional<boost::asio::ip::tcp::socket> inner);
  void watch_server();
  void say_goodbye();
  void end_direction();
  void end();
  void arm(Millis limit);

  Parts parts_;
  boost::asio::ip::tcp::socket outer_;
  boost::asio::local::stream_protocol::socket inner_;
  boost::asio::steady_timer deadline_;
  std::shared_ptr<const Certificate> certificate_;
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> ssl_;
  bool established_ = false;
  bool broken_ = false;       // TLS has failed: nothing more can be said
  bool server_gone_ = false;  // it has closed its end
  bool outward_done_ = false;
  int directions_ = 0;  // that still run
};

}  // namespace cc::api
