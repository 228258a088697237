#pragma once
// A stream that reads everything that has arrived, so that one system call serves many frames.
// Beast alone makes two system calls per frame.

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/websocket/teardown.hpp>

namespace cc::net {

/// Sits between a WebSocket and the layer below. Writes pass through. One read at a time. Until
/// `bound` says otherwise, as much may come as the peer likes.
template <class Next>
class ReadAhead {
 public:
  using next_layer_type = Next;
  using executor_type = typename Next::executor_type;

  template <class... Args>
  explicit ReadAhead(Args&&... args)
      : next_(std::forward<Args>(args)...), bytes_(std::make_unique<char[]>(kBytes)) {}

  executor_type get_executor() { return next_.get_executor(); }
  Next& next_layer() { return next_; }

  /// So many bytes may still be read; what asks for more gets no_buffer_space. Empty: no bound.
  void bound(std::optional<std::size_t> bytes) { allowed_ = bytes; }
  /// Whether what arrived last begins with this.
  [[nodiscard]] bool began_with(std::string_view bytes) const {
    return std::string_view(bytes_.get(), end_).starts_with(bytes);
  }
  const Next& next_layer() const { return next_; }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_compose<Token, void(boost::system::error_code, std::size_t)>(
        ReadOp<Buffers>{*this, buffers}, token, next_);
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return next_.async_write_some(buffers, std::forward<Token>(token));
  }

 private:
  static constexpr std::size_t kBytes = 64 * 1024;

  template <class Buffers>
  struct ReadOp {
    ReadAhead& stream;
    Buffers buffers;
    enum { kAsked, kHolds, kFilled, kDirect } state = kAsked;

    template <class Self>
    void operator()(Self& self, boost::system::error_code ec = {}, std::size_t bytes = 0) {
      switch (state) {
        case kAsked: return start(self);
        case kFilled: stream.filled(bytes); [[fallthrough]];
        case kHolds: return hand_over(self, ec);
        case kDirect: return self.complete(ec, bytes);
      }
    }

    template <class Self>
    void hand_over(Self& self, boost::system::error_code ec) {
      const bool too_much = !ec && !stream.allows();
      if (too_much) ec = boost::asio::error::no_buffer_space;
      self.complete(ec, ec ? 0 : stream.take(buffers));
    }

    template <class Self>
    void start(Self& self) {
      if (!stream.empty()) {
        state = kHolds;
        return boost::asio::post(stream.get_executor(), std::move(self));
      }
      // What asks for as much again as is held here can have it without a copy in between.
      if (boost::asio::buffer_size(buffers) >= kBytes && !stream.allowed_) {
        state = kDirect;
        return stream.next_.async_read_some(buffers, std::move(self));
      }
      state = kFilled;
      stream.next_.async_read_some(boost::asio::buffer(stream.bytes_.get(), kBytes),
                                   std::move(self));
    }
  };

  [[nodiscard]] bool empty() const { return begin_ == end_; }
  [[nodiscard]] bool allows() const { return !allowed_ || *allowed_ > 0; }

  void filled(std::size_t bytes) {
    if (bytes == 0) return;
    begin_ = 0;
    end_ = bytes;
  }

  template <class Buffers>
  std::size_t take(const Buffers& into) {
    const std::size_t taken =
        boost::asio::buffer_copy(into, boost::asio::buffer(bytes_.get() + begin_, end_ - begin_));
    begin_ += taken;
    if (allowed_) *allowed_ -= std::min(*allowed_, taken);
    return taken;
  }

  Next next_;
  std::unique_ptr<char[]> bytes_;
  std::size_t begin_ = 0;  // of what was read and not yet asked for
  std::size_t end_ = 0;
  std::optional<std::size_t> allowed_;
};

// How a WebSocket over it is torn down: as over the layer below.
template <class Next>
void teardown(boost::beast::role_type role, ReadAhead<Next>& stream,
              boost::system::error_code& ec) {
  using boost::beast::websocket::teardown;
  teardown(role, stream.next_layer(), ec);
}
template <class Next, class Handler>
void async_teardown(boost::beast::role_type role, ReadAhead<Next>& stream, Handler&& handler) {
  using boost::beast::websocket::async_teardown;
  async_teardown(role, stream.next_layer(), std::forward<Handler>(handler));
}

}  // namespace cc::net
