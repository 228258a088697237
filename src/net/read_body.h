#pragma once
// Reads the body of a message from a stream, within the limits of `BodyReader`.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include "net/body_reader.h"
#include "net/completion.h"

namespace cc::net {

/// How much is read at once: what a buffer holds beyond the body of a message.
inline constexpr std::size_t kReadPiece = std::size_t{16} * 1024;

/// Until the body is whole or faulty. `buffer` holds what came with the head; what follows the body
/// stays in it. The error is the stream's; where the peer closed too early, it is eof.
template <class Stream>
boost::asio::awaitable<boost::system::error_code> read_body(Stream& stream,
                                                            boost::beast::flat_buffer& buffer,
                                                            BodyReader& body) {
  while (true) {
    const auto held = buffer.data();
    buffer.consume(body.take({static_cast<const char*>(held.data()), held.size()}));
    if (body.done() || body.fault()) co_return boost::system::error_code();
    const auto [error, size] = co_await stream.async_read_some(buffer.prepare(kReadPiece), kTuple);
    buffer.commit(size);
    if (error == boost::asio::error::eof && body.close()) co_return boost::system::error_code();
    if (error) co_return error;
  }
}

}  // namespace cc::net
