#pragma once
// A WebSocket that reads and writes whole text messages, over TCP or TLS. Knows nothing of the
// gateway's protocol.

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "base/clock.h"
#include "base/extra_headers.h"
#include "net/dial.h"
#include "net/endpoint.h"

namespace cc::net {

/// How it ended, or why it never began.
struct WsEnd {
  std::optional<int> close_code;
  std::string close_reason;
  std::optional<int> http_status;  // the upgrade was answered with this
  std::string location;            // where it redirects to, without query
  std::string transport;           // a phrase: "connection refused"
  bool too_large = false;          // a message passed the limit; it was closed with 1009
};

/// One connection, on one thread. One `read` at a time; `send`, `close` and `abort` at any time.
class WsStream {
 public:
  struct Options {
    Endpoint endpoint;
    TlsRules tls;
    std::string user_agent;
    ExtraHeaders headers;
    std::size_t message_limit = 0;
    Millis connect{10'000};  // for each step until the upgrade is answered
    Millis closing{1'000};
  };
  /// `heard` is called whenever bytes of a message, a ping or a pong came in.
  static std::shared_ptr<WsStream> create(boost::asio::any_io_executor executor, Options options,
                                          std::function<void()> heard);
  virtual ~WsStream() = default;

  virtual boost::asio::awaitable<std::expected<void, WsEnd>> open() = 0;
  /// This many bytes after a message may be read; their content is undefined.
  static constexpr std::size_t kReadableAfter = 64;
  /// The next message, valid until the next call. Pings are answered while this waits.
  virtual boost::asio::awaitable<std::expected<std::string_view, WsEnd>> read() = 0;
  /// Queued, sent in order. A failure shows in `read`.
  virtual void send(std::string message) = 0;
  /// Closes the connection. Drops it if the peer takes longer than `closing`.
  virtual boost::asio::awaitable<void> close(int code, std::string reason) = 0;
  /// Drops the connection, also one that is still being made.
  virtual void abort() = 0;
};

}  // namespace cc::net
