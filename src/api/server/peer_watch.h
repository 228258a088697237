#pragma once
// Whether the other end of a connection is still there while nothing is read from it.

#include <memory>
#include <stop_token>

#include <boost/asio/ip/tcp.hpp>

namespace cc::api {

/// Watches as long as it lives, on the executor of the socket, which must outlive it and of which
/// nothing else may be waited for meanwhile. A peer that has closed its side has left, as far as we
/// can know. One that sends on is no longer watched: it still wants something.
class PeerWatch {
 public:
  explicit PeerWatch(boost::asio::ip::tcp::socket& socket);
  ~PeerWatch();
  PeerWatch(const PeerWatch&) = delete;
  PeerWatch& operator=(const PeerWatch&) = delete;

  /// Asks to stop once the peer has left.
  [[nodiscard]] std::stop_token left() const { return state_->left.get_token(); }

 private:
  struct State {
    boost::asio::ip::tcp::socket* socket = nullptr;  // null: nobody watches any more
    std::stop_source left;
  };
  std::shared_ptr<State> state_;  // shared with the handler, which may come later
};

}  // namespace cc::api
