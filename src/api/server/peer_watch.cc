#include "api/server/peer_watch.h"

namespace cc::api {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

/// Of a socket that is ready to be read: ready and empty means that the peer has closed it.
bool is_at_its_end(tcp::socket& socket) {
  error_code error;
  const auto bytes = socket.available(error);
  return error || bytes == 0;
}

}  // namespace

PeerWatch::PeerWatch(tcp::socket& socket) : state_(std::make_shared<State>(&socket)) {
  socket.async_wait(tcp::socket::wait_read, [state = state_](const error_code& error) {
    if (state->socket == nullptr) return;
    if (error || is_at_its_end(*state->socket)) state->left.request_stop();
  });
}

PeerWatch::~PeerWatch() {
  error_code ignored;
  state_->socket->cancel(ignored);
  state_->socket = nullptr;
}

}  // namespace cc::api
