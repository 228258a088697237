#pragma once
// Answers, written to a connection piece by piece.

#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include "api/http/wire.h"
#include "api/server/limits.h"
#include "api/server/wait_queue.h"
#include "base/clock.h"

namespace cc::api {

/// What it is made of must outlive it. Each piece has its own deadline; false: the connection can
/// be given up.
class ResponseWriter {
 public:
  /// `waiter` waits for as long as a piece is not taken.
  ResponseWriter(boost::beast::tcp_stream& stream, Waiter& waiter, const Limits& limits,
                 const Clock& clock)
      : stream_(stream), waiter_(waiter), limits_(limits), clock_(clock) {}

  /// All of it; for `head_only` without its body.
  boost::asio::awaitable<bool> send(const Response& response, bool keep_alive, bool head_only);
  boost::asio::awaitable<bool> send_head(const Response& response, Framing framing);
  boost::asio::awaitable<bool> write(std::string_view head, std::string_view body);

 private:
  boost::asio::awaitable<bool> write_file(std::string_view head, const FileBody& file);

  boost::beast::tcp_stream& stream_;
  Waiter& waiter_;
  const Limits& limits_;
  const Clock& clock_;
};

}  // namespace cc::api
