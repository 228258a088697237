#pragma once
// Name → TCP → TLS, the same for the WebSocket and for HTTP. Errors are phrases that complete the
// sentence "cannot connect to HOST:PORT: …".

#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include "base/clock.h"
#include "base/result.h"
#include "net/endpoint.h"

namespace cc::net {

using TlsStream = boost::asio::ssl::stream<boost::beast::tcp_stream>;

/// How a peer's certificate is checked: by the system's authorities and its name or, if a
/// fingerprint is given, by the fingerprint.
struct TlsRules {
  /// SHA-256 of the certificate (DER), in hex; colons and case do not matter.
  std::optional<std::string> fingerprint;
};

[[nodiscard]] std::shared_ptr<boost::asio::ssl::context> tls_context(const TlsRules& rules);

/// Looks the name up and connects. The stream's timeout is set to `limit` and keeps running.
boost::asio::awaitable<Result<void>> connect_tcp(boost::beast::tcp_stream& stream,
                                                 boost::asio::ip::tcp::resolver& resolver,
                                                 const Endpoint& endpoint, Millis limit);

/// Sends no application data before the certificate was checked.
boost::asio::awaitable<Result<void>> secure(TlsStream& stream, const Endpoint& endpoint,
                                            const TlsRules& rules);

/// `ec` as a phrase; `limit` is what a timeout had waited.
[[nodiscard]] Error transport_error(const boost::system::error_code& ec, Millis limit);

}  // namespace cc::net
