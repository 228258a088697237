#pragma once
// One reader: a socket, a cursor, and at most the rest of one entry that did not fit into the
// socket.

#include <span>
#include <string>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>

#include "base/clock.h"
#include "base/cursor.h"
#include "stream/slice.h"

namespace cc::stream {

/// Lives on the readers' thread. Writes never wait; `blocked` says that the socket is full.
class Subscriber {
 public:
  /// The socket must be connected; `chunked` says how its body is framed. `user_timeout` bounds how
  /// long the kernel keeps bytes that nobody acknowledges.
  Subscriber(boost::asio::ip::tcp::socket socket, Filter filter, bool chunked, Millis user_timeout,
             SteadyTime now);

  /// Whole entries and bytes that were sent; for the metrics.
  struct Sent {
    std::size_t entries = 0;
    std::size_t bytes = 0;
  };
  /// Writes what the socket takes, and moves the cursor accordingly. Call it only when not blocked,
  /// with a slice for the cursor.
  Sent take(const Slice& slice, SteadyTime now);
  /// Writes a block that is no entry (comment, bookmark, reset), framed as the body is. What the
  /// socket does not take is kept and sent first.
  void say(std::string_view block, SteadyTime now);
  /// Writes what was left when the socket was full. Call it only after waiting for the socket.
  void resume(SteadyTime now);
  /// Ends the body as its framing requires, then the connection. If a block was cut, it just breaks
  /// off.
  void end();
  void close();

  /// Calls back once, when the socket may take more or is broken.
  template <class Handler>
  void wait_writable(Handler handler) {
    socket_.async_wait(boost::asio::ip::tcp::socket::wait_write, std::move(handler));
  }
  /// Calls back once, when the peer has said something or has gone.
  template <class Handler>
  void wait_peer(Handler handler) {
    socket_.async_wait(boost::asio::ip::tcp::socket::wait_read, std::move(handler));
  }
  /// Discards what the peer sends, and notices when it has gone (`broken`).
  void hear_peer();

  /// The connection is unusable.
  [[nodiscard]] bool broken() const { return broken_; }
  /// The socket is full. Nothing more is written until it is writable.
  [[nodiscard]] bool blocked() const { return blocked_; }
  /// The last entry that was sent, or whose rest this reader keeps.
  [[nodiscard]] Seq cursor() const { return cursor_; }
  void move_to(Seq cursor) { cursor_ = cursor; }
  [[nodiscard]] const Filter& filter() const { return filter_; }
  [[nodiscard]] bool chunked() const { return chunked_; }
  /// When the peer last took anything.
  [[nodiscard]] SteadyTime last_taken() const { return last_taken_; }
  /// Asks the kernel whether the peer took bytes since the last call. A very slow peer takes bytes
  /// long before the socket has room again.
  void note_taken(SteadyTime now);

 private:
  /// How many bytes the socket took.
  std::size_t write(std::span<const std::string_view> buffers, SteadyTime now);
  void write_first(std::string_view bytes, SteadyTime now);
  void tune(Millis user_timeout);

  boost::asio::ip::tcp::socket socket_;
  const Filter filter_;
  const bool chunked_;
  Seq cursor_ = 0;
  std::string rest_;
  bool blocked_ = false;
  bool broken_ = false;
  std::size_t heard_ = 0;
  int unacknowledged_ = 0;
  SteadyTime last_taken_;
};

}  // namespace cc::stream
