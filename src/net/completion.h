#pragma once
// How coroutines here wait for an operation of Asio.

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cc::net {

/// The operation answers a tuple that begins with its error code; it does not throw.
inline constexpr auto kTuple = boost::asio::as_tuple(boost::asio::use_awaitable);

}  // namespace cc::net
