#include "api/server/listener.h"

#include <algorithm>
#include <vector>

#include <boost/asio.hpp>

namespace cc::api {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// IPv4 first: `localhost` resolves to both, and programs that try only one try IPv4.
std::vector<tcp::endpoint> resolve(const asio::any_io_executor& executor, const std::string& host,
                                   unsigned short port, error_code& error) {
  const auto address = asio::ip::make_address(host, error);
  if (!error) return {tcp::endpoint(address, port)};
  tcp::resolver resolver(executor);
  const auto found = resolver.resolve(host, std::to_string(port), tcp::resolver::passive, error);
  std::vector<tcp::endpoint> endpoints(found.begin(), found.end());
  std::ranges::partition(endpoints, [](const auto& one) { return one.address().is_v4(); });
  return endpoints;
}

error_code bind(tcp::acceptor& acceptor, const tcp::endpoint& endpoint) {
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  return error;
}

}  // namespace

Result<tcp::acceptor> listen_on(const asio::any_io_executor& executor, const std::string& host,
                                unsigned short port) {
  error_code error;
  for (const auto& endpoint : resolve(executor, host, port, error)) {
    tcp::acceptor acceptor(executor);
    error = bind(acceptor, endpoint);
    if (!error) return acceptor;
  }
  if (!error) error = asio::error::host_not_found;
  return fail(
      error == asio::error::address_in_use ? ErrorCode::kInUse : ErrorCode::kInvalid,
      "cannot listen on " + host + " port " + std::to_string(port) + ": " + error.message());
}

}  // namespace cc::api
