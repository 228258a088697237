#pragma once
// One WebSocket connection to a gateway, from the first byte to the last: open, handshake, follow,
// watch, end.

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "gateway/connection/calls.h"
#include "gateway/protocol/device_identity.h"
#include "gateway/protocol/handshake.h"
#include "gateway/protocol/refusal.h"
#include "gateway/reading/fleet_follower.h"
#include "gateway/tasks.h"
#include "net/ws_stream.h"

namespace cc::gateway {

/// On the link's thread. What is handed in must outlive it.
class WsSession : public std::enable_shared_from_this<WsSession> {
 public:
  struct Parts {
    boost::asio::any_io_executor executor;
    fleet::ObservationSink& sink;
    const Clock& clock;
    telemetry::Log& log;
    telemetry::Metrics& metrics;
    SourceReporter& reporter;
    Tasks& tasks;
    const Timing& timing;
    std::shared_ptr<LinkHistory> history;
  };
  struct Start {
    std::string gateway;
    net::Endpoint endpoint;
    net::TlsRules tls;
    protocol::DeviceIdentity identity;
    protocol::Credentials credentials;
    protocol::ProtocolRange protocols;
    std::string version;
    std::uint64_t seed = 0;
    std::function<void(const protocol::Hello&)> welcomed;
  };
  WsSession(Parts parts, Start start);

  /// Returns when the connection is over, with how it ended.
  boost::asio::awaitable<protocol::Ending> run();
  /// Says goodbye (1000); `run` returns soon after.
  void stop();
  void want_everything(const std::string& why);

  /// When the initial sync was committed; empty where it never was.
  [[nodiscard]] std::optional<SteadyTime> ready_since() const;

 private:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;
  using Ending = protocol::Ending;

  /// Until hello-ok (nothing), or how it ended.
  Awaitable<std::optional<Ending>> shake_hands();
  /// The next one before the hello; what cannot be understood ends the attempt. Valid until the
  /// next read.
  Awaitable<std::expected<protocol::Frame, protocol::Ending>> handshake_frame();
  Awaitable<std::expected<protocol::Challenge, protocol::Ending>> await_challenge();
  Awaitable<std::optional<Ending>> await_hello();
  Awaitable<Ending> refused(protocol::WireError error);
  Awaitable<Ending> read_on();
  static Awaitable<void> follow(std::shared_ptr<WsSession> self);
  static Awaitable<void> watch(std::shared_ptr<WsSession> self);
  static Awaitable<void> farewell(std::shared_ptr<WsSession> self, int code, std::string reason);

  void handle(std::string_view message);
  void dispatch(const protocol::Frame& frame);
  [[nodiscard]] std::optional<protocol::Frame> parse(std::string_view message);
  void welcome(const protocol::Hello& hello);
  [[nodiscard]] protocol::Peer peer_of(const protocol::Hello& hello) const;
  [[nodiscard]] LiveFacts facts_of(const protocol::Hello& hello) const;

  /// Ends the connection for a reason of ours, which `run` then returns.
  void end(Ending why, int code, std::string reason);
  void end_after(Millis limit, std::string transport);
  [[nodiscard]] Ending ending_of(const net::WsEnd& end) const;
  [[nodiscard]] Ending final_ending(Ending ending) const;
  void close_down();

  Parts parts_;
  Start start_;
  std::shared_ptr<net::WsStream> stream_;
  Calls calls_;
  protocol::FrameParser parser_;
  std::shared_ptr<FleetFollower> follower_;
  boost::asio::steady_timer deadline_;
  boost::asio::steady_timer watchdog_;
  std::optional<Ending> own_ending_;
  TimeMs challenged_at_ = 0;  // by the gateway's clock
  SteadyTime last_heard_;
  Millis silence_{};
  bool garbage_logged_ = false;
  bool over_ = false;
};

}  // namespace cc::gateway
