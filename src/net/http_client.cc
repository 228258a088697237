#include "net/http_client.h"

#include <utility>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include "net/completion.h"
#include "net/read_body.h"

namespace cc::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr std::uint32_t kHeadLimit = 64 * 1024;
constexpr const char* kClosedEarly = "the connection was closed before the answer was whole";

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
  request.set(http::field::accept_encoding, "identity");
  request.set(http::field::connection, "close");
  if (from.bearer && !from.bearer->empty()) {
    request.set(http::field::authorization, "Bearer " + from.bearer->reveal());
  }
  for (const auto& header : from.headers) request.set(header.name, header.value.reveal());
  if (!from.body.empty()) {
    request.set(http::field::content_type, "application/json");
    request.body() = from.body;
  }
  request.prepare_payload();
  return request;
}

using Head = http::response_parser<http::empty_body>;

Error head_error(const boost::system::error_code& ec, Millis limit) {
  if (ec == http::error::header_limit || ec == http::error::buffer_overflow) {
    return {ErrorCode::kTooLarge,
            "the head of the answer is larger than " + std::to_string(kHeadLimit >> 10U) + " KiB"};
  }
  if (ec == http::error::end_of_stream || ec == http::error::partial_message) {
    return {ErrorCode::kUnavailable, kClosedEarly};
  }
  return transport_error(ec, limit);
}

Error body_error(BodyReader::Fault fault, MessageLimits limits) {
  switch (fault) {
    case BodyReader::Fault::kTooLarge:
      return {ErrorCode::kTooLarge,
              "the answer is larger than " + std::to_string(limits.body_bytes >> 20U) + " MiB"};
    case BodyReader::Fault::kOverhead:
      return {ErrorCode::kTooLarge, "the answer has too much around its chunks"};
    case BodyReader::Fault::kMalformed: break;
  }
  return {ErrorCode::kUnavailable, "the chunks of the answer cannot be understood"};
}

bool has_no_body(unsigned status) {
  return status < 200 || status == 204 || status == 304;
}

BodyReader announced_body(const Head& head, MessageLimits limits) {
  if (has_no_body(head.get().result_int())) return BodyReader::of_length(0, limits);
  if (head.chunked()) return BodyReader::chunked(limits);
  const auto length = head.content_length();
  return length ? BodyReader::of_length(*length, limits) : BodyReader::until_close(limits);
}

HttpAnswer answer_of(const Head& head, BodyReader& body) {
  const auto& fields = head.get();
  return {.status = static_cast<int>(fields.result_int()),
          .content_type = std::string(fields[http::field::content_type]),
          .encoding = std::string(fields[http::field::content_encoding]),
          .location = std::string(fields[http::field::location]),
          .body = std::move(body.body())};
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
  Head head;
  head.header_limit(kHeadLimit);
  head.body_limit(boost::none);  // the body is read by others
  auto [head_ec, head_size] = co_await http::async_read_header(stream, buffer, head, kTuple);
  if (head_ec) co_return std::unexpected(head_error(head_ec, limit));
  const MessageLimits limits{.head_bytes = kHeadLimit, .body_bytes = options_.body_limit};
  auto body = announced_body(head, limits);
  const auto ec = co_await read_body(stream, buffer, body);
  if (body.fault()) co_return std::unexpected(body_error(*body.fault(), limits));
  if (ec == asio::error::eof) co_return fail(ErrorCode::kUnavailable, kClosedEarly);
  if (ec) co_return std::unexpected(transport_error(ec, limit));
  co_return answer_of(head, body);
}

void HttpClient::cancel() {
  resolver_.cancel();
  if (current_ != nullptr) current_->close();
}

}  // namespace cc::net
