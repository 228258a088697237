#pragma once
// For tests: a server that answers exactly the bytes that it is given, and can go on without end.

#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include "net/completion.h"

namespace cc::net::testing {

/// Serves one connection. On the io_context of the test, which must outlive it.
class RawServer {
 public:
  /// Answers `start`, then `more` again and again until the client leaves; without `more` it
  /// closes.
  RawServer(boost::asio::io_context& io, std::string start, std::string more = {})
      : acceptor_(io, {boost::asio::ip::address_v4::loopback(), 0}),
        start_(std::move(start)),
        more_(std::move(more)) {
    boost::asio::co_spawn(io, serve(), boost::asio::detached);
  }

  [[nodiscard]] std::string url(const std::string& scheme) const {
    return scheme + "://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/";
  }
  [[nodiscard]] const std::string& heard() const { return heard_; }
  [[nodiscard]] std::size_t sent() const { return sent_; }

 private:
  boost::asio::awaitable<void> serve() {
    auto [ec, socket] = co_await acceptor_.async_accept(kTuple);
    if (ec) co_return;
    heard_.resize(16'384);
    auto [read_ec, size] = co_await socket.async_read_some(boost::asio::buffer(heard_), kTuple);
    heard_.resize(size);
    if (read_ec || !co_await write(socket, start_)) co_return;
    while (!more_.empty() && co_await write(socket, more_)) {
    }
  }

  boost::asio::awaitable<bool> write(boost::asio::ip::tcp::socket& socket,
                                     const std::string& bytes) {
    auto [ec, size] = co_await boost::asio::async_write(socket, boost::asio::buffer(bytes), kTuple);
    sent_ += size;
    co_return !ec;
  }

  boost::asio::ip::tcp::acceptor acceptor_;
  const std::string start_;
  const std::string more_;
  std::string heard_;
  std::size_t sent_ = 0;
};

}  // namespace cc::net::testing
