#pragma once
// The handshake of a connection: challenge, connect, and then a hello or a refusal.

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "gateway/protocol/device_identity.h"
#include "gateway/protocol/handshake.h"
#include "gateway/protocol/refusal.h"
#include "gateway/timing.h"
#include "net/ws_stream.h"

namespace cc::gateway {

/// One for one connection that is open, on its thread. What is handed in must outlive it.
class Handshake {
 public:
  /// Who we are, and what we may speak.
  struct Offer {
    protocol::DeviceIdentity identity;
    protocol::Credentials credentials;
    protocol::ProtocolRange protocols;
    std::string version;  // ours
    command::Access access = command::Access::kRead;
  };
  /// Understands a frame; empty where it cannot be understood, which ends the attempt.
  using Parse = std::function<std::optional<protocol::Frame>(std::string_view message)>;

  Handshake(const boost::asio::any_io_executor& executor, std::shared_ptr<net::WsStream> stream,
            const Offer& offer, const Timing& timing, Parse parse);

  struct Welcome {
    protocol::Hello hello;     // valid until the next frame is parsed
    TimeMs challenged_at = 0;  // by the gateway's clock
  };
  /// Or why there is none.
  boost::asio::awaitable<std::expected<Welcome, protocol::Ending>> run();

 private:
  template <class T>
  using Outcome = boost::asio::awaitable<std::expected<T, protocol::Ending>>;

  Outcome<Welcome> converse();
  Outcome<protocol::Challenge> await_challenge();
  Outcome<protocol::Hello> await_hello();
  Outcome<protocol::Frame> next_frame();
  boost::asio::awaitable<protocol::Ending> refused(protocol::WireError error);
  /// Drops the connection after so long. `phrase` says what was missed; empty: the end speaks for
  /// itself.
  void drop_after(Millis limit, std::string phrase);
  [[nodiscard]] protocol::Ending ending_of_read(const net::WsEnd& end) const;

  struct Deadline {
    bool over = false;
    std::string missed;
  };
  std::shared_ptr<net::WsStream> stream_;
  const Offer& offer_;
  const Timing& timing_;
  Parse parse_;
  boost::asio::steady_timer timer_;
  std::shared_ptr<Deadline> deadline_ = std::make_shared<Deadline>();  // outlives a late timer
};

}  // namespace cc::gateway
