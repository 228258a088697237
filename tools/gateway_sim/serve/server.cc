#include "gateway_sim/serve/server.h"

#include "gateway_sim/serve/connection.h"

namespace cc::sim {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using tcp = asio::ip::tcp;

constexpr std::size_t kMostBody = 64U * 1024 * 1024;
constexpr Millis kRetryListen{100};

http::response<http::string_body> response_of(const http::request<http::string_body>& request,
                                              HttpReply reply) {
  http::response<http::string_body> response(static_cast<http::status>(reply.status),
                                             request.version());
  response.set(http::field::server, "gateway-sim");
  response.set(http::field::content_type, reply.type);
  response.keep_alive(request.keep_alive());
  response.body() = std::move(reply.body);
  response.prepare_payload();
  return response;
}

bool is_forwarded(const http::request<http::string_body>& request) {
  return request.count("X-Forwarded-For") > 0 || request.count("Forwarded") > 0 ||
         request.count("X-Real-IP") > 0;
}

}  // namespace

void AsioScheduler::after(Millis delay, std::function<void()> task) {
  if (delay.count() <= 0) {
    asio::post(executor_, std::move(task));
    return;
  }
  auto timer = std::make_shared<asio::steady_timer>(executor_, delay);
  timer->async_wait([timer, task = std::move(task)](error_code error) {
    if (!error) task();
  });
}

Server::Server(asio::io_context& io, Gateway& gateway)
    : io_(io),
      gateway_(gateway),
      rpc_(gateway),
      control_(gateway, [this](Millis down, Millis starting,
                               const std::string& expected) { restart(down, starting, expected); }),
      endpoint_(asio::ip::make_address(gateway.options().host), gateway.options().port),
      acceptor_(io) {}

void Server::listen() {
  acceptor_.open(endpoint_.protocol());
  acceptor_.set_option(tcp::acceptor::reuse_address(true));
  acceptor_.bind(endpoint_);
  acceptor_.listen();
  endpoint_ = acceptor_.local_endpoint();
  asio::co_spawn(io_, accept_all(), asio::detached);
}

asio::awaitable<void> Server::accept_all() {
  while (true) {
    auto [error, socket] = co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
    if (error == asio::error::operation_aborted || !acceptor_.is_open()) co_return;
    if (error) continue;
    ++gateway_.stats().accepted;
    asio::co_spawn(io_, serve(std::move(socket)), asio::detached);
  }
}

asio::awaitable<void> Server::serve(tcp::socket socket) {
  error_code unknown;
  const bool local = socket.remote_endpoint(unknown).address().is_loopback();
  beast::tcp_stream stream(std::move(socket));
  beast::flat_buffer buffer;
  bool open = true;
  while (open) {
    std::optional<Request> request = co_await read_request(stream, buffer);
    if (!request) co_return;
    const bool upgrade = beast::websocket::is_upgrade(*request);
    const unsigned refused = upgrade ? refused_upgrade(*request) : 0;
    if (upgrade && refused == 0) {
      const auto connection = std::make_shared<Connection>(std::move(stream), gateway_, rpc_);
      co_await connection->serve(std::move(*request));
      co_return;
    }
    HttpReply reply =
        refused != 0 ? HttpReply{refused, "text/plain", "refused"} : reply_to(*request, local);
    const bool written = co_await write_reply(stream, *request, std::move(reply));
    open = written && refused == 0 && request->keep_alive();
  }
}

asio::awaitable<std::optional<Server::Request>> Server::read_request(beast::tcp_stream& stream,
                                                                     beast::flat_buffer& buffer) {
  http::request_parser<http::string_body> parser;
  parser.body_limit(kMostBody);
  const auto [error, size] =
      co_await http::async_read(stream, buffer, parser, asio::as_tuple(asio::use_awaitable));
  if (error) co_return std::nullopt;
  Request request = parser.release();
  if (!request.target().starts_with("/_sim/")) co_await wait_out_hang();
  co_return request;
}

asio::awaitable<bool> Server::write_reply(beast::tcp_stream& stream, const Request& request,
                                          HttpReply reply) {
  const auto response = response_of(request, std::move(reply));
  const auto [error, written] =
      co_await http::async_write(stream, response, asio::as_tuple(asio::use_awaitable));
  co_return !error;
}

/// A process that hangs takes connections, since the kernel does, and then says nothing.
asio::awaitable<void> Server::wait_out_hang() {
  while (gateway_.faults().hanging) {
    asio::steady_timer timer(io_, Millis{50});
    co_await timer.async_wait(asio::use_awaitable);
  }
}

unsigned Server::refused_upgrade(const Request& request) {
  if (const auto status = gateway_.faults().http_status.take())
    return static_cast<unsigned>(*status);
  return gateway_.protocol() == Protocol::kV4 && is_forwarded(request) ? 403 : 0;
}

HttpReply Server::reply_to(const Request& request, bool local) {
  const HttpAsk ask{std::string(request.method_string()), std::string(request.target()),
                    std::string(request[http::field::authorization]), request.body()};
  if (!ask.target.starts_with("/_sim/")) return route(gateway_, ask);
  if (!local) return {403, "text/plain", "only from this machine"};
  return control_.handle(ask);
}

void Server::stop() {
  error_code ignored;
  acceptor_.close(ignored);
  gateway_.stop({});
}

void Server::restart(Millis down, Millis starting, const std::string& expected_ms) {
  error_code ignored;
  acceptor_.close(ignored);
  gateway_.stop(expected_ms);
  gateway_.scheduler().after(down, [this, starting] { listen_again(starting); });
}

void Server::listen_again(Millis starting) {
  try {
    listen();
  } catch (const boost::system::system_error&) {
    // Somebody else may hold the port for a moment.
    error_code ignored;
    acceptor_.close(ignored);
    gateway_.scheduler().after(kRetryListen, [this, starting] { listen_again(starting); });
    return;
  }
  gateway_.boot_anew();
  if (starting.count() > 0) gateway_.faults().starting_until = gateway_.now() + starting.count();
}

}  // namespace cc::sim
