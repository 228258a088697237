#pragma once
// The address that we answer at.

#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "base/result.h"

namespace cc::api {

/// Binds and listens; `host` is a name or an address literal, of a name's addresses IPv4 is tried
/// first. kInUse where the address is taken, kInvalid where it is not one of this machine.
[[nodiscard]] Result<boost::asio::ip::tcp::acceptor> listen_on(
    const boost::asio::any_io_executor& executor, const std::string& host, unsigned short port);

}  // namespace cc::api
