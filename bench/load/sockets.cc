#include "bench/load/sockets.h"

#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cc::bench {
namespace {

constexpr int kBacklog = 4096;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

sockaddr_in address(std::uint16_t port) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return at;
}

Socket make_socket() {
  Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) fail("socket");
  return socket;
}

sockaddr* plain(sockaddr_in& at) {
  return reinterpret_cast<sockaddr*>(&at);  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast)
}

}  // namespace

Socket::~Socket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Socket connect_to(std::uint16_t port) {
  Socket socket = make_socket();
  sockaddr_in at = address(port);
  if (::connect(socket.get(), plain(at), sizeof at) != 0) fail("connect");
  set_no_delay(socket.get());
  return socket;
}

std::pair<Socket, std::uint16_t> listen_anywhere() {
  Socket socket = make_socket();
  sockaddr_in at = address(0);
  socklen_t size = sizeof at;
  if (::bind(socket.get(), plain(at), sizeof at) != 0 || ::listen(socket.get(), kBacklog) != 0 ||
      ::getsockname(socket.get(), plain(at), &size) != 0) {
    fail("listen");
  }
  return {std::move(socket), ntohs(at.sin_port)};
}

void send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) fail("send");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void set_non_blocking(int socket) {
  if (::fcntl(socket, F_SETFL, O_NONBLOCK) != 0) fail("fcntl");
}

void set_no_delay(int socket) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void run_on_cpu(int cpu) {
  if (cpu < 0 || static_cast<unsigned>(cpu) >= std::thread::hardware_concurrency()) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<std::size_t>(cpu), &set);
  ::sched_setaffinity(0, sizeof set, &set);
}

std::int64_t steady_now() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

}  // namespace cc::bench
