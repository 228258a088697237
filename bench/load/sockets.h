#pragma once
// Plain sockets on this machine, and where a thread runs. Failures throw std::system_error.

#include <cstdint>
#include <string_view>
#include <utility>

namespace cc::bench {

class Socket {
 public:
  Socket() = default;
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  ~Socket();
  Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_ = -1;
};

/// To 127.0.0.1, without Nagle's delay.
[[nodiscard]] Socket connect_to(std::uint16_t port);
/// On a free port of 127.0.0.1.
[[nodiscard]] std::pair<Socket, std::uint16_t> listen_anywhere();
void send_all(int socket, std::string_view bytes);
void set_non_blocking(int socket);
void set_no_delay(int socket);

/// This thread, from now on; -1 and a processor that is not there: wherever it likes.
void run_on_cpu(int cpu);

/// Nanoseconds of the steady clock.
[[nodiscard]] std::int64_t steady_now();

}  // namespace cc::bench
