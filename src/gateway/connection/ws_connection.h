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
#include "gateway/connection/handshake.h"
#include "gateway/link_context.h"
#include "gateway/reading/fleet_follower.h"
#include "net/ws_stream.h"

namespace cc::gateway {

/// On the link's thread. What is handed in must outlive it.
class WsConnection : public std::enable_shared_from_this<WsConnection> {
 public:
  struct Options {
    net::Endpoint endpoint;
    protocol::Credentials credentials;
    ExtraHeaders headers;
    std::uint64_t seed = 0;
    std::function<void(const protocol::Hello&)> welcomed;
    command::Access access = command::Access::kRead;
    std::optional<Trouble> reduced = {};  // why less is asked for than is configured
  };
  WsConnection(const LinkContext& link, Options options);

  /// Returns when the connection is over, with how it ended.
  boost::asio::awaitable<protocol::Ending> run();
  /// Closes the connection (1000). `run` returns soon after.
  void stop();
  void request_resync(const std::string& why);
  void request_check(const std::string& session);

  /// When the initial sync was committed; empty where it never was.
  [[nodiscard]] std::optional<SteadyTime> ready_since() const;

 private:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;
  using Ending = protocol::Ending;

  /// Nothing where it was welcomed.
  Awaitable<std::optional<Ending>> shake_hands();
  Awaitable<Ending> read_on();
  static Awaitable<void> follow(std::shared_ptr<WsConnection> self);
  static Awaitable<void> watch(std::shared_ptr<WsConnection> self);
  static Awaitable<void> farewell(std::shared_ptr<WsConnection> self, int code, std::string reason);

  void handle(std::string_view message);
  void dispatch(const protocol::Frame& frame);
  [[nodiscard]] protocol::FrameText received(std::string_view message);
  [[nodiscard]] std::optional<protocol::Frame> parse(protocol::FrameText text);
  void welcome(const Handshake::Welcome& welcome);
  [[nodiscard]] protocol::Peer peer_of(const Handshake::Welcome& welcome) const;
  [[nodiscard]] LiveFacts facts_of(const protocol::Hello& hello) const;
  [[nodiscard]] Commander::Peer commands_of(const protocol::Hello& hello);
  [[nodiscard]] std::optional<Trouble> warning_of_visibility(const protocol::Hello& hello) const;

  /// Ends the connection for our own reason, which `run` then returns.
  void end(Ending why, int code, std::string reason);
  [[nodiscard]] Ending final_ending(Ending ending) const;
  void close_down();

  const LinkContext& link_;
  Options options_;
  SteadyTime last_heard_;
  std::shared_ptr<net::WsStream> stream_;
  Calls calls_;
  protocol::FrameParser parser_;
  std::shared_ptr<FleetFollower> follower_;
  boost::asio::steady_timer watchdog_;
  std::optional<Ending> own_ending_;
  Millis silence_{};
  bool garbage_logged_ = false;
  bool over_ = false;
};

}  // namespace cc::gateway
