#include "stream/subscriber.h"

#include <array>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/container/static_vector.hpp>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "stream/sse_encoder.h"

namespace cc::stream {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// Unsent bytes that the kernel may hold for one reader: the cost of a slow reader.
constexpr int kUnsentBytes = 128 * 1024;
/// A reader has nothing to send. One that sends more than this is not a reader.
constexpr std::size_t kMostHeard = 64 * 1024;

constexpr int kKeepaliveIdleSeconds = 60;
constexpr int kKeepaliveIntervalSeconds = 30;
constexpr int kKeepaliveProbes = 4;

/// Failure is ignored: each of these options only finds a dead peer sooner, or saves memory.
void set_tcp_option(int socket, int name, int value) {
  (void)::setsockopt(socket, IPPROTO_TCP, name, &value, sizeof value);
}

bool would_block(const error_code& error) {
  return error == asio::error::would_block || error == asio::error::try_again;
}

}  // namespace

Subscriber::Subscriber(asio::ip::tcp::socket socket, Filter filter, bool chunked,
                       Millis user_timeout, SteadyTime now)
    : socket_(std::move(socket)), filter_(std::move(filter)), chunked_(chunked), last_taken_(now) {
  tune(user_timeout);
}

void Subscriber::tune(Millis user_timeout) {
  error_code error;
  socket_.non_blocking(true, error);
  if (error) broken_ = true;
  socket_.set_option(asio::ip::tcp::no_delay(true), error);
  socket_.set_option(asio::socket_base::keep_alive(true), error);
  const int socket = socket_.native_handle();
  set_tcp_option(socket, TCP_KEEPIDLE, kKeepaliveIdleSeconds);
  set_tcp_option(socket, TCP_KEEPINTVL, kKeepaliveIntervalSeconds);
  set_tcp_option(socket, TCP_KEEPCNT, kKeepaliveProbes);
  set_tcp_option(socket, TCP_USER_TIMEOUT, static_cast<int>(user_timeout.count()));
  set_tcp_option(socket, TCP_NOTSENT_LOWAT, kUnsentBytes);
}

Subscriber::Sent Subscriber::take(const Slice& slice, SteadyTime now) {
  if (slice.empty()) {
    cursor_ = slice.through();
    return {};
  }
  const auto written = write(slice.buffers(), now);
  const auto cut = slice.cut(written);
  cursor_ = cut.through;
  rest_ = cut.remainder;
  return {.entries = cut.entries, .bytes = written};
}

void Subscriber::say(std::string_view block, SteadyTime now) {
  if (!chunked_) return write_first(block, now);
  std::string chunk;
  append_chunk(chunk, block);
  write_first(chunk, now);
}

void Subscriber::write_first(std::string_view bytes, SteadyTime now) {
  const auto written = write({&bytes, 1}, now);
  rest_ = bytes.substr(written);
}

void Subscriber::resume(SteadyTime now) {
  blocked_ = false;
  if (rest_.empty()) return;
  const std::string_view rest = rest_;
  const auto written = write({&rest, 1}, now);
  // A new string, so that the memory of a large entry is freed once it is sent.
  rest_ = std::string(rest.substr(written));
}

std::size_t Subscriber::write(std::span<const std::string_view> buffers, SteadyTime now) {
  boost::container::static_vector<asio::const_buffer, Slice::kMaxBuffers> gather;
  std::size_t wanted = 0;
  for (const auto& buffer : buffers) {
    gather.emplace_back(buffer.data(), buffer.size());
    wanted += buffer.size();
  }
  error_code error;
  const auto written = socket_.write_some(gather, error);
  if (error && !would_block(error)) broken_ = true;
  if (written < wanted) blocked_ = true;
  if (written > 0) last_taken_ = now;
  return written;
}

void Subscriber::note_taken(SteadyTime now) {
  int held = 0;
  if (::ioctl(socket_.native_handle(), SIOCOUTQ, &held) != 0) return;
  if (held < unacknowledged_) last_taken_ = now;
  unacknowledged_ = held;
}

void Subscriber::hear_peer() {
  std::array<char, 1024>
      words;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by the socket
  error_code error;
  while (!error && heard_ <= kMostHeard) heard_ += socket_.read_some(asio::buffer(words), error);
  if (!would_block(error)) broken_ = true;
}

void Subscriber::end() {
  if (broken_ || blocked_ || !rest_.empty()) return close();
  if (chunked_) write_first(kLastChunk, last_taken_);
  error_code error;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
  // If bytes were left unread, the kernel would reset the connection, and the peer would lose what
  // is on its way.
  hear_peer();
  close();
}

void Subscriber::close() {
  broken_ = true;
  error_code error;
  socket_.close(error);
}

}  // namespace cc::stream
