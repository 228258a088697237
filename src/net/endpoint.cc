#include "net/endpoint.h"

#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/scheme.hpp>
#include <boost/url/url_view.hpp>

namespace cc::net {

namespace {

std::optional<bool> tls_of(boost::urls::scheme scheme) {
  using enum boost::urls::scheme;
  if (scheme == ws || scheme == http) return false;
  if (scheme == wss || scheme == https) return true;
  return std::nullopt;
}

std::string host_of(const boost::urls::url_view& url) {
  // The address form has no brackets and no percent-encoding.
  return std::string(url.host_address());
}

}  // namespace

Result<Endpoint> Endpoint::parse(std::string_view url) {
  const auto parsed = boost::urls::parse_uri(boost::core::string_view(url.data(), url.size()));
  if (!parsed) return fail(ErrorCode::kInvalid, "is not a URL");
  const auto tls = tls_of(parsed->scheme_id());
  if (!tls) {
    return fail(ErrorCode::kInvalid, "must begin with ws://, wss://, http:// or https://");
  }
  Endpoint endpoint;
  endpoint.tls = *tls;
  endpoint.host = host_of(*parsed);
  if (endpoint.host.empty()) {
    return fail(ErrorCode::kInvalid, "names no host");
  }
  endpoint.port = parsed->port_number();
  if (endpoint.port == 0) endpoint.port = *tls ? 443 : 80;
  endpoint.target = std::string(parsed->encoded_target());
  if (endpoint.target.empty() || endpoint.target.front() != '/') {
    endpoint.target.insert(endpoint.target.begin(), '/');
  }
  return endpoint;
}

std::string Endpoint::authority() const {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string Endpoint::display(std::string_view scheme) const {
  return std::string(scheme) + "://" + authority() + target.substr(0, target.find('?'));
}

bool Endpoint::is_address() const {
  boost::system::error_code ec;
  boost::asio::ip::make_address(host, ec);
  return !ec;
}

bool Endpoint::is_loopback() const {
  boost::system::error_code ec;
  const auto address = boost::asio::ip::make_address(host, ec);
  return ec ? host == "localhost" : address.is_loopback();
}

}  // namespace cc::net
