#include "net/dial.h"

#include <cctype>
#include <span>
#include <utility>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core/error.hpp>
#include <openssl/err.h>
#include <openssl/x509.h>

#include "base/encoding.h"
#include "net/completion.h"

namespace cc::net {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using asio::ip::tcp;

namespace {

std::string plain_hex(const std::string& text) {
  std::string hex;
  for (const char c : text) {
    if (c == ':' || c == ' ') continue;
    hex.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  }
  return hex;
}

std::string fingerprint_of(const X509* certificate) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (X509_digest(certificate, EVP_sha256(), digest, &size) != 1) return {};
  return to_hex(std::span(digest).first(size));
}

Result<void> check_pin(TlsStream& stream, const std::string& fingerprint) {
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      SSL_get1_peer_certificate(stream.native_handle()), &X509_free);
  const std::string shown = certificate ? fingerprint_of(certificate.get()) : "";
  if (!shown.empty() && shown == plain_hex(fingerprint)) return {};
  return fail(ErrorCode::kRefused, "its TLS certificate is not the pinned one (it has SHA-256 " +
                                       (shown.empty() ? "none" : shown) + ")");
}

void ask_for_name(TlsStream& stream, const Endpoint& endpoint) {
  if (endpoint.is_address()) return;
  // The macro of OpenSSL casts in the old style.
  SSL_ctrl(stream.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
           const_cast<char*>(endpoint.host.c_str()));
}

std::string tls_phrase(TlsStream& stream, const boost::system::error_code& ec) {
  const long verdict = SSL_get_verify_result(stream.native_handle());
  if (verdict != X509_V_OK) {
    return std::string("its TLS certificate is not trusted (") +
           X509_verify_cert_error_string(verdict) + ")";
  }
  return "TLS failed (" + ec.message() + ")";
}

std::string seconds_of(Millis time) {
  return time.count() >= 1000 ? std::to_string(time.count() / 1000) + " s"
                              : std::to_string(time.count()) + " ms";
}

asio::awaitable<Result<tcp::resolver::results_type>> look_up(tcp::resolver& resolver,
                                                             const Endpoint& endpoint) {
  boost::system::error_code literal;
  const auto address = asio::ip::make_address(endpoint.host, literal);
  if (!literal) {
    co_return tcp::resolver::results_type::create(tcp::endpoint(address, endpoint.port),
                                                  endpoint.host, std::to_string(endpoint.port));
  }
  const std::string port = std::to_string(endpoint.port);
  auto [ec, found] = co_await resolver.async_resolve(endpoint.host, port, kTuple);
  if (ec) {
    co_return fail(ErrorCode::kUnavailable,
                   "the name " + endpoint.host + " cannot be looked up (" + ec.message() + ")");
  }
  co_return std::move(found);
}

}  // namespace

std::shared_ptr<ssl::context> tls_context(const TlsRules& rules) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  if (rules.fingerprint) {
    context->set_verify_mode(ssl::verify_none);  // `secure` compares the certificate itself
  } else {
    boost::system::error_code none_installed;
    context->set_default_verify_paths(none_installed);
    context->set_verify_mode(ssl::verify_peer);
  }
  return context;
}

asio::awaitable<Result<void>> connect_tcp(boost::beast::tcp_stream& stream, tcp::resolver& resolver,
                                          const Endpoint& endpoint, Millis limit) {
  auto found = co_await look_up(resolver, endpoint);
  if (!found) co_return std::unexpected(found.error());
  stream.expires_after(limit);
  auto [ec, peer] = co_await stream.async_connect(*found, kTuple);
  if (ec) co_return std::unexpected(transport_error(ec, limit));
  boost::system::error_code ignored;
  stream.socket().set_option(tcp::no_delay(true), ignored);
  co_return Result<void>{};
}

asio::awaitable<Result<void>> secure(TlsStream& stream, const Endpoint& endpoint,
                                     const TlsRules& rules) {
  ask_for_name(stream, endpoint);
  if (!rules.fingerprint) {
    stream.set_verify_callback(ssl::host_name_verification(endpoint.host));
  }
  auto [ec] = co_await stream.async_handshake(ssl::stream_base::client, kTuple);
  if (ec == boost::beast::error::timeout) {
    co_return fail(ErrorCode::kTimeout, "no answer to the TLS handshake in time");
  }
  if (ec) co_return fail(ErrorCode::kRefused, tls_phrase(stream, ec));
  if (rules.fingerprint) co_return check_pin(stream, *rules.fingerprint);
  co_return Result<void>{};
}

Error transport_error(const boost::system::error_code& ec, Millis limit) {
  if (ec == boost::beast::error::timeout || ec == asio::error::timed_out) {
    return {ErrorCode::kTimeout, "no answer within " + seconds_of(limit)};
  }
  if (ec == asio::error::operation_aborted) return {ErrorCode::kCancelled, "given up"};
  if (ec == asio::error::connection_refused) {
    return {ErrorCode::kUnavailable, "connection refused"};
  }
  if (ec == asio::error::eof || ec == ssl::error::stream_truncated ||
      ec == asio::error::connection_reset || ec == asio::error::broken_pipe) {
    return {ErrorCode::kUnavailable, "the connection was closed by the other side"};
  }
  if (ec == asio::error::host_unreachable || ec == asio::error::network_unreachable) {
    return {ErrorCode::kUnavailable, "no route to it"};
  }
  return {ErrorCode::kUnavailable, ec.message()};
}

}  // namespace cc::net
