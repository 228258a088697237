#pragma once
// The port: accepts connections, tells WebSockets from plain HTTP, and goes away for a while when
// asked to.

#include <memory>
#include <optional>
#include <string>

#include <boost/asio.hpp>
#include <boost/beast.hpp>

#include "gateway_sim/calls/rpc.h"
#include "gateway_sim/gateway.h"
#include "gateway_sim/serve/control.h"

namespace cc::sim {

class AsioScheduler final : public Scheduler {
 public:
  explicit AsioScheduler(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}
  void after(Millis delay, std::function<void()> task) override;

 private:
  const boost::asio::any_io_executor executor_;
};

class Server {
 public:
  Server(boost::asio::io_context& io, Gateway& gateway);

  /// Throws boost::system::system_error where the address cannot be had.
  void listen();
  /// The one that was got, where 0 was asked for.
  [[nodiscard]] std::uint16_t port() const { return endpoint_.port(); }
  /// Tells everybody, closes, and takes no more connections.
  void stop();

 private:
  using Request = boost::beast::http::request<boost::beast::http::string_body>;

  boost::asio::awaitable<void> accept_all();
  boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket);
  /// The next one; none when the client has gone.
  boost::asio::awaitable<std::optional<Request>> read_request(boost::beast::tcp_stream& stream,
                                                              boost::beast::flat_buffer& buffer);
  /// False when the client has gone.
  boost::asio::awaitable<bool> write_reply(boost::beast::tcp_stream& stream, const Request& request,
                                           HttpReply reply);
  boost::asio::awaitable<void> wait_out_hang();
  /// Why this upgrade is refused; 0: it is not.
  [[nodiscard]] unsigned refused_upgrade(const Request& request);
  [[nodiscard]] HttpReply reply_to(const Request& request, bool local);
  void restart(Millis down, Millis starting, const std::string& expected_ms);
  void listen_again(Millis starting);

  boost::asio::io_context& io_;
  Gateway& gateway_;
  Rpc rpc_;
  Control control_;
  boost::asio::ip::tcp::endpoint endpoint_;
  boost::asio::ip::tcp::acceptor acceptor_;
};

}  // namespace cc::sim
