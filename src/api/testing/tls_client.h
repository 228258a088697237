#pragma once
// For tests: a blocking client over TLS that believes anybody.

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace cc::api::testing {

/// One connection to the loopback address; reading gives up after ten seconds.
class TlsClient {
 public:
  /// `newest`: the TLS version that is offered at most.
  explicit TlsClient(unsigned short port, int newest = TLS1_3_VERSION)
      : socket_(::socket(AF_INET, SOCK_STREAM, 0)),
        context_(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free),
        ssl_(SSL_new(context_.get()), &SSL_free) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{10, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    // NOLINTNEXTLINE: what the sockets API asks for
    ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    SSL_set_security_level(ssl_.get(), 0);
    SSL_set_min_proto_version(ssl_.get(), TLS1_VERSION);
    SSL_set_max_proto_version(ssl_.get(), newest);
    SSL_set_fd(ssl_.get(), socket_);
    secured_ = SSL_connect(ssl_.get()) == 1;
  }
  ~TlsClient() { ::close(socket_); }
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  [[nodiscard]] bool secured() const { return secured_; }

  void send(std::string_view bytes) {
    (void)SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
  }
  /// What has arrived once `text` is in it, or the connection has ended; forgets it.
  std::string read_until(std::string_view text) {
    while (held_.find(text) == std::string::npos && receive()) {
    }
    return std::exchange(held_, {});
  }
  /// Everything until the other side says goodbye (true) or breaks off.
  bool read_to_end() {
    while (receive()) {
    }
    return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
  }
  [[nodiscard]] const std::string& held() const { return held_; }

 private:
  bool receive() {
    std::array<char, 16384> piece{};
    const int size = SSL_read(ssl_.get(), piece.data(), static_cast<int>(piece.size()));
    if (size > 0) held_.append(piece.data(), static_cast<std::size_t>(size));
    return size > 0;
  }

  int socket_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
  bool secured_ = false;
  std::string held_;
};

}  // namespace cc::api::testing
