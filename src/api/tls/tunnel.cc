#include "api/tls/tunnel.h"

#include <utility>

#include <boost/asio.hpp>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include "net/completion.h"

namespace cc::api {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr unsigned char kHandshakeRecord = 0x16;
constexpr std::size_t kMostHeardInPlain = 64 * 1024;
constexpr std::string_view kPlainAnswer =
    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 42\r\n"
    "Connection: close\r\n\r\nThis port speaks https; write https://...\n";

// What a stream asks of TCP for its readers (stream/subscriber.cc), asked here, where TCP is.
constexpr int kUnsentBytes = 128 * 1024;
constexpr int kKeepaliveIdleSeconds = 60;
constexpr int kDeadAfterMillis = 300'000;

void tune(tcp::socket& socket) {
  error_code ignored;
  socket.non_blocking(true, ignored);
  socket.set_option(tcp::no_delay(true), ignored);
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
  const auto set = [&](int name, int value) {
    (void)::setsockopt(socket.native_handle(), IPPROTO_TCP, name, &value, sizeof value);
  };
  set(TCP_KEEPIDLE, kKeepaliveIdleSeconds);
  set(TCP_USER_TIMEOUT, kDeadAfterMillis);
  set(TCP_NOTSENT_LOWAT, kUnsentBytes);
}

}  // namespace

Tunnel::Tunnel(tcp::socket outer, Parts parts)
    : parts_(std::move(parts)),
      outer_(std::move(outer)),
      inner_(outer_.get_executor()),
      deadline_(outer_.get_executor()),
      ssl_(nullptr, &SSL_free) {}

Tunnel::~Tunnel() = default;

void Tunnel::run() {
  asio::co_spawn(
      outer_.get_executor(), [self = shared_from_this()] { return self->begin(); },
      [self = shared_from_this()](const std::exception_ptr& bug) {
        if (bug || !self->established_) self->end();
      });
}

asio::awaitable<void> Tunnel::begin() {
  tune(outer_);
  arm(parts_.limits.handshake);
  if (!co_await secure() || !connect_inner()) {
    tell_server(std::nullopt);
    co_return;
  }
  deadline_.cancel();
  established_ = true;
  directions_ = 2;
  watch_server();
  const auto ended = [self = shared_from_this()](const std::exception_ptr& bug) {
    if (bug) self->abort();
    self->end_direction();
  };
  asio::co_spawn(
      outer_.get_executor(), [self = shared_from_this()] { return self->inward(); }, ended);
  asio::co_spawn(
      outer_.get_executor(), [self = shared_from_this()] { return self->outward(); }, ended);
}

// Allocates nothing before the first byte, so a half-open connection costs only its socket.
asio::awaitable<bool> Tunnel::secure() {
  if (!co_await wait_for(SSL_ERROR_WANT_READ)) co_return false;
  unsigned char first = 0;
  const auto heard = ::recv(outer_.native_handle(), &first, 1, MSG_PEEK);
  if (heard == 1 && first != kHandshakeRecord) {
    co_await answer_in_plain();
    co_return false;
  }
  certificate_ = parts_.certificate.current();
  ssl_.reset(SSL_new(certificate_->context()));
  if (!ssl_ || SSL_set_fd(ssl_.get(), outer_.native_handle()) != 1) co_return false;
  co_return co_await complete([ssl = ssl_.get()] { return SSL_accept(ssl); }) > 0;
}

asio::awaitable<void> Tunnel::answer_in_plain() {
  error_code error;
  outer_.write_some(asio::buffer(kPlainAnswer), error);
  outer_.shutdown(tcp::socket::shutdown_send, error);
  // What is left unread would reset the connection, and the answer with it.
  for (std::size_t heard = 0; heard < kMostHeardInPlain;) {
    const auto [failed, size] =
        co_await outer_.async_read_some(asio::buffer(parts_.scratch), net::kTuple);
    if (failed) co_return;
    heard += size;
  }
}

/// The server's end is a socket like any other to it: what it asks of TCP alone is refused by the
/// system, and done here.
bool Tunnel::connect_inner() {
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return false;
  error_code error;
  inner_.assign(asio::local::stream_protocol(), ends[0], error);
  inner_.non_blocking(true, error);
  tcp::socket server(parts_.server);
  server.assign(tcp::v4(), ends[1], error);
  if (!error) tell_server(std::move(server));
  return !error;
}

void Tunnel::tell_server(std::optional<tcp::socket> inner) {
  auto done = std::exchange(parts_.done, {});
  if (!done) return;
  asio::post(parts_.server, [done = std::move(done), inner = std::move(inner)]() mutable {
    done(std::move(inner));
  });
}

/// The server closes its end while a client does not take what it was told: the client has that
/// long left.
void Tunnel::watch_server() {
  inner_.async_wait(asio::socket_base::wait_error,
                    [self = shared_from_this()](const error_code& error) {
                      if (error) return;
                      self->server_gone_ = true;
                      self->outward_done_ ? self->abort() : self->arm(self->parts_.limits.farewell);
                    });
}

asio::awaitable<void> Tunnel::inward() {
  for (;;) {
    auto& scratch = parts_.scratch;
    const int size = co_await complete([ssl = ssl_.get(), &scratch] {
      return SSL_read(ssl, scratch.data(), static_cast<int>(scratch.size()));
    });
    if (size <= 0) break;
    const std::string words(scratch.data(), static_cast<std::size_t>(size));
    const auto [error, sent] = co_await asio::async_write(inner_, asio::buffer(words), net::kTuple);
    if (error) break;
  }
  error_code ignored;
  inner_.shutdown(asio::socket_base::shutdown_send, ignored);
  if (broken_) abort();
}

asio::awaitable<void> Tunnel::outward() {
  for (;;) {
    const auto [error] = co_await inner_.async_wait(asio::socket_base::wait_read, net::kTuple);
    if (error) break;
    error_code failed;
    const auto size = inner_.read_some(asio::buffer(parts_.scratch), failed);
    if (failed == asio::error::would_block) continue;
    if (failed || !co_await write_out(size)) break;
  }
  outward_done_ = true;
  say_goodbye();
  if (broken_ || server_gone_) co_return abort();
  arm(parts_.limits.farewell);
}

void Tunnel::say_goodbye() {
  if (broken_ || !outer_.is_open()) return;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  error_code ignored;
  outer_.shutdown(tcp::socket::shutdown_send, ignored);
}

/// So many bytes of the scratch, which is somebody else's as soon as this waits.
asio::awaitable<bool> Tunnel::write_out(std::size_t size) {
  if (!outer_.is_open()) co_return false;
  ERR_clear_error();
  const int wanted = static_cast<int>(size);
  const int written = SSL_write(ssl_.get(), parts_.scratch.data(), wanted);
  if (written > 0) co_return true;
  const std::string kept(parts_.scratch.data(), size);
  if (!co_await wait_for(SSL_get_error(ssl_.get(), written))) co_return false;
  co_return co_await complete(
      [ssl = ssl_.get(), &kept, wanted] { return SSL_write(ssl, kept.data(), wanted); }) > 0;
}

/// What `step` returns once it need not wait any more: positive where it succeeded. Nothing is
/// asked of a socket that was closed meanwhile: its number may be another connection's by now.
template <class Step>
asio::awaitable<int> Tunnel::complete(Step step) {
  while (outer_.is_open()) {
    ERR_clear_error();
    const int result = step();
    if (result > 0) co_return result;
    if (!co_await wait_for(SSL_get_error(ssl_.get(), result))) break;
  }
  co_return 0;
}

/// Until what TLS waits for has come; false where it waits for nothing any more.
asio::awaitable<bool> Tunnel::wait_for(int want) {
  if (want != SSL_ERROR_WANT_READ && want != SSL_ERROR_WANT_WRITE) {
    broken_ = want != SSL_ERROR_ZERO_RETURN;
    co_return false;
  }
  const auto what =
      want == SSL_ERROR_WANT_READ ? asio::socket_base::wait_read : asio::socket_base::wait_write;
  const auto [error] = co_await outer_.async_wait(what, net::kTuple);
  if (error) broken_ = true;
  co_return !error;
}

void Tunnel::end_direction() {
  if (--directions_ == 0) end();
}

void Tunnel::end() {
  abort();
  asio::post(parts_.server, [place = std::exchange(parts_.place, {})] {});
  if (auto gone = std::exchange(parts_.gone, {})) gone();
}

void Tunnel::abort() {
  error_code ignored;
  deadline_.cancel();
  outer_.close(ignored);
  inner_.close(ignored);
}

void Tunnel::arm(Millis limit) {
  deadline_.expires_after(limit);
  deadline_.async_wait([weak = weak_from_this()](const error_code& error) {
    const auto self = weak.lock();
    if (self && !error) self->abort();
  });
}

}  // namespace cc::api
