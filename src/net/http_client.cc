#include "net/http_client.h"

#include <utility>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include "net/completion.h"

namespace cc::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr std::uint32_t kHeaderLimit = 64 * 1024;

/// Forgets the stream that `cancel` would reach, on every way out.
class Current {
 public:
  Current(beast::tcp_stream*& slot, beast::tcp_stream& stream) : slot_(slot) { slot_ = &stream; }
  ~Current() { slot_ = nullptr; }
  Current(const Current&) = delete;
  Current& operator=(const Current&) = delete;

 private:
  beast::tcp_stream*& slot_;
};

http::request<http::string_body> wire_request(const HttpRequest& from, const Endpoint& endpoint,
                                              const std::string& user_agent) {
  http::request<http::string_body> request;
  request.version(11);
  request.method_string(from.method);
  request.target(from.target);
  request.set(http::field::host, endpoint.authority());
  request.set(http::field::user_agent, user_agent);
  request.set(http::field::accept, "application/json");
  request.set(http::field::connection, "close");
  if (from.bearer && !from.bearer->empty()) {
    request.set(http::field::authorization, "Bearer " + from.bearer->reveal());
  }
  if (!from.body.empty()) {
    request.set(http::field::content_type, "application/json");
    request.body() = from.body;
  }
  request.prepare_payload();
  return request;
}

Error read_error(const boost::system::error_code& ec, std::uint64_t body_limit, Millis limit) {
  if (ec == http::error::body_limit || ec == http::error::header_limit) {
    return {ErrorCode::kTooLarge,
            "the answer is larger than " + std::to_string(body_limit >> 20U) + " MiB"};
  }
  if (ec == http::error::end_of_stream || ec == http::error::partial_message) {
    return {ErrorCode::kUnavailable, "the connection was closed before the answer was whole"};
  }
  return transport_error(ec, limit);
}

}  // namespace

HttpClient::HttpClient(asio::any_io_executor executor, Options options)
    : executor_(executor), options_(std::move(options)), resolver_(executor) {}

HttpClient::~HttpClient() = default;

asio::awaitable<Result<HttpAnswer>> HttpClient::send(HttpRequest request) {
  if (options_.endpoint.tls) return send_secure(std::move(request));
  return send_plain(std::move(request));
}

asio::awaitable<Result<HttpAnswer>> HttpClient::send_plain(HttpRequest request) {
  beast::tcp_stream stream(executor_);
  const Current current(current_, stream);
  auto connected = co_await connect_tcp(stream, resolver_, options_.endpoint, options_.limit);
  if (!connected) co_return std::unexpected(connected.error());
  co_return co_await exchange(stream, std::move(request));
}

asio::awaitable<Result<HttpAnswer>> HttpClient::send_secure(HttpRequest request) {
  const auto context = tls_context(options_.tls);
  TlsStream stream(executor_, *context);
  const Current current(current_, stream.next_layer());
  auto connected =
      co_await connect_tcp(stream.next_layer(), resolver_, options_.endpoint, options_.limit);
  if (!connected) co_return std::unexpected(connected.error());
  auto secured = co_await secure(stream, options_.endpoint, options_.tls);
  if (!secured) co_return std::unexpected(secured.error());
  co_return co_await exchange(stream, std::move(request));
}

template <class Stream>
asio::awaitable<Result<HttpAnswer>> HttpClient::exchange(Stream& stream, HttpRequest request) {
  const auto wire = wire_request(request, options_.endpoint, options_.user_agent);
  const Millis limit = request.limit.value_or(options_.limit);
  if (request.limit) beast::get_lowest_layer(stream).expires_after(limit);
  auto [write_ec, written] = co_await http::async_write(stream, wire, kTuple);
  if (write_ec) co_return std::unexpected(transport_error(write_ec, limit));
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.header_limit(kHeaderLimit);
  parser.body_limit(options_.body_limit);
  auto [ec, read] = co_await http::async_read(stream, buffer, parser, kTuple);
  if (ec) co_return std::unexpected(read_error(ec, options_.body_limit, limit));
  auto message = parser.release();
  HttpAnswer answer;
  answer.status = static_cast<int>(message.result_int());
  answer.content_type = std::string(message[http::field::content_type]);
  answer.body = std::move(message.body());
  co_return answer;
}

void HttpClient::cancel() {
  resolver_.cancel();
  if (current_ != nullptr) current_->close();
}

}  // namespace cc::net
