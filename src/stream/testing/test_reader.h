#pragma once
// A client of the stream over a real connection, on the test's own executor.

#include <array>
#include <charconv>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "stream/testing/sse_parser.h"

namespace cc::stream::testing {

/// Removes the framing of HTTP chunks from a body.
class Dechunker {
 public:
  void feed(std::string_view bytes, SseParser& parser) {
    pending_ += bytes;
    while (!ended && take_chunk(parser)) {
    }
  }
  bool ended = false;

 private:
  bool take_chunk(SseParser& parser) {
    const auto line = pending_.find("\r\n");
    if (line == std::string::npos) return false;
    std::size_t size = 0;
    std::from_chars(pending_.data(), pending_.data() + line, size, 16);
    if (pending_.size() < line + 2 + size + 2) return false;
    parser.feed(std::string_view(pending_).substr(line + 2, size));
    pending_.erase(0, line + 2 + size + 2);
    ended = size == 0;
    return true;
  }
  std::string pending_;
};

class TestReader : public std::enable_shared_from_this<TestReader> {
 public:
  TestReader(boost::asio::ip::tcp::socket socket, bool chunked)
      : chunked_(chunked), socket_(std::move(socket)) {}

  /// Begins to read, `most` bytes at a time.
  void read(std::size_t most = 4096) {
    reading_ = true;
    most_ = most;
    next();
  }
  /// Stops reading after the read that is under way.
  void pause() { reading_ = false; }
  void close() { socket_.close(); }

  [[nodiscard]] std::size_t received() const { return received_; }
  [[nodiscard]] bool closed() const { return closed_; }
  /// The body ended as HTTP requires.
  [[nodiscard]] bool ended() const { return dechunker_.ended; }

  SseParser stream;

 private:
  void next() {
    if (!reading_ || closed_ || under_way_) return;
    under_way_ = true;
    socket_.async_read_some(
        boost::asio::buffer(buffer_.data(), std::min(most_, buffer_.size())),
        [self = shared_from_this()](boost::system::error_code error, std::size_t got) {
          self->under_way_ = false;
          self->received_ += got;
          const std::string_view bytes(self->buffer_.data(), got);
          self->chunked_ ? self->dechunker_.feed(bytes, self->stream) : self->stream.feed(bytes);
          if (error) self->closed_ = true;
          self->next();
        });
  }

  const bool chunked_;
  boost::asio::ip::tcp::socket socket_;
  Dechunker dechunker_;
  std::array<char, 65536> buffer_{};
  std::size_t most_ = 4096;
  std::size_t received_ = 0;
  bool reading_ = false;
  bool under_way_ = false;
  bool closed_ = false;
};

}  // namespace cc::stream::testing
