#include "api/server/server.h"

#include <boost/asio.hpp>

#include "api/http/wire.h"
#include "api/server/connections.h"
#include "api/server/listener.h"
#include "net/completion.h"

namespace cc::api {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr Millis kAcceptPause{100};  // after an accept that failed: descriptors may have run out
constexpr Millis kStopPatience{3'000};

/// IPv4 in its own form, even if it came in on an IPv6 socket.
std::string literal(const asio::ip::address& address) {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address.to_string();
  return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
}

Ends ends_of(const tcp::socket& socket, bool over_tls) {
  error_code ignored;
  return {.peer = literal(socket.remote_endpoint(ignored).address()),
          .local = literal(socket.local_endpoint(ignored).address()),
          .local_port = socket.local_endpoint(ignored).port(),
          .over_tls = over_tls};
}

}  // namespace

class Server::Impl : public std::enable_shared_from_this<Server::Impl> {
 public:
  Impl(Parts parts, ServerOptions options);

  Result<void> listen();
  [[nodiscard]] unsigned short port() const { return acceptor_.local_endpoint().port(); }
  void start();
  void stop(std::function<void()> stopped);
  void abandon();

 private:
  using Place = std::shared_ptr<Connections::Place>;

  asio::awaitable<void> accept_all();
  asio::awaitable<void> pause();
  void admit(tcp::socket socket);
  void begin(tcp::socket socket, Ends ends, Place place);
  bool make_room();
  void turn_away(tcp::socket socket);
  Connection::Handover handover(Place place);
  void finish_stop();
  void cut();

  Parts parts_;
  ServerOptions options_;
  tcp::acceptor acceptor_;
  asio::steady_timer accept_timer_;
  asio::steady_timer patience_;
  Connections connections_;
  bool draining_ = false;
  std::function<void()> stopped_;
};

Server::Impl::Impl(Parts parts, ServerOptions options)
    : parts_(std::move(parts)),
      options_(std::move(options)),
      acceptor_(parts_.executor),
      accept_timer_(parts_.executor),
      patience_(parts_.executor),
      connections_(options_.limits.connections) {}

Result<void> Server::Impl::listen() {
  auto acceptor = listen_on(parts_.executor, options_.host, options_.port);
  if (!acceptor) return std::unexpected(acceptor.error());
  acceptor_ = *std::move(acceptor);
  return {};
}

void Server::Impl::start() {
  asio::co_spawn(
      parts_.executor, [self = shared_from_this()] { return self->accept_all(); }, asio::detached);
}

asio::awaitable<void> Server::Impl::accept_all() {
  const auto alive = shared_from_this();
  const auto home = parts_.tls != nullptr ? parts_.tls->executor() : parts_.executor;
  while (acceptor_.is_open()) {
    auto [error, socket] = co_await acceptor_.async_accept(home, net::kTuple);
    if (!acceptor_.is_open()) break;
    if (error) {
      parts_.log.warn_folded("a connection could not be accepted", {},
                             {{"error", error.message()}});
      co_await pause();
    } else if (connections_.are_full() && !make_room()) {
      turn_away(std::move(socket));
    } else {
      admit(std::move(socket));
    }
  }
}

asio::awaitable<void> Server::Impl::pause() {
  accept_timer_.expires_after(kAcceptPause);
  co_await accept_timer_.async_wait(net::kTuple);
}

void Server::Impl::admit(tcp::socket socket) {
  auto place = connections_.take_place();
  auto ends = ends_of(socket, parts_.tls != nullptr);
  if (parts_.tls == nullptr) return begin(std::move(socket), std::move(ends), std::move(place));
  const auto done = [weak = weak_from_this(), ends, place](std::optional<tcp::socket> inner) {
    const auto self = weak.lock();
    if (self && inner && self->acceptor_.is_open()) {
      self->begin(*std::move(inner), ends, place);
    }
  };
  parts_.tls->take(std::move(socket), parts_.executor, done, place);
}

void Server::Impl::begin(tcp::socket socket, Ends ends, Place place) {
  const auto connection =
      std::make_shared<Connection>(std::move(socket), std::move(ends),
                                   Connection::Parts{.behind = {parts_.dispatcher, parts_.workers},
                                                     .clock = parts_.clock,
                                                     .limits = options_.limits,
                                                     .handover = handover(std::move(place)),
                                                     .waits = connections_.waits(),
                                                     .unsent = connections_.unsent()});
  const auto number = connections_.add(connection);
  asio::co_spawn(
      parts_.executor, [connection] { return connection->run(); },
      [self = shared_from_this(), number](const std::exception_ptr& bug) {
        if (bug) self->parts_.log.error("a connection failed in a way that it should not");
        self->connections_.remove(number);
        self->finish_stop();
      });
}

/// Makes room for one more connection, if it can.
bool Server::Impl::make_room() {
  if (parts_.tls != nullptr) parts_.tls->make_room();
  return connections_.waits()->drop_longest();
}

/// Tries once to say why, without waiting. Not over TLS, which would need a handshake.
void Server::Impl::turn_away(tcp::socket socket) {
  if (parts_.tls != nullptr) return;
  Response response = problem(503, "Too many connections are open.");
  response.with("Retry-After", "1");
  parts_.dispatcher.finish_unread(response);
  const auto& body = std::get<std::string>(response.body);
  const std::string answer =
      response_head(response, {.length = body.size(), .chunked = false, .keep_alive = false},
                    parts_.clock.wall()) +
      body;
  error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(answer), ignored);
}

Connection::Handover Server::Impl::handover(Place place) {
  return [this, place](tcp::socket socket, bool chunked, Follow follow) {
    parts_.stream.serve(
        std::move(socket), chunked, std::move(follow.wanted),
        [&dispatcher = parts_.dispatcher, reader = std::move(follow.reader)] {
          return dispatcher.still_valid(reader);
        },
        [place] {});
  };
}

void Server::Impl::stop(std::function<void()> stopped) {
  stopped_ = std::move(stopped);
  error_code ignored;
  acceptor_.close(ignored);
  accept_timer_.cancel();
  connections_.finish_all();
  draining_ = true;
  parts_.stream.drain([self = shared_from_this()] {
    self->draining_ = false;
    self->finish_stop();
  });
  patience_.expires_after(kStopPatience);
  patience_.async_wait([self = shared_from_this()](const error_code& error) {
    if (!error) self->cut();
  });
}

/// The time is over: closes what is still open, including requests that wait for an answer.
void Server::Impl::cut() {
  abandon();
  connections_.forget_all();
  draining_ = false;
  finish_stop();
}

void Server::Impl::abandon() {
  error_code ignored;
  acceptor_.close(ignored);
  connections_.abort_all();
}

void Server::Impl::finish_stop() {
  if (!stopped_ || draining_ || !connections_.empty()) return;
  patience_.cancel();
  asio::post(parts_.executor, std::exchange(stopped_, {}));
}

Server::Server(Parts parts, ServerOptions options)
    : impl_(std::make_shared<Impl>(std::move(parts), std::move(options))) {}

Server::~Server() {
  impl_->abandon();
}

Result<void> Server::listen() {
  return impl_->listen();
}
unsigned short Server::port() const {
  return impl_->port();
}
void Server::start() {
  impl_->start();
}
void Server::stop(std::function<void()> stopped) {
  impl_->stop(std::move(stopped));
}

}  // namespace cc::api
