#include "api/server/connection.h"

#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "api/http/head.h"
#include "api/server/peer_watch.h"
#include "api/server/response_writer.h"
#include "net/completion.h"
#include "net/read_body.h"

namespace cc::api {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Parser = http::request_parser<http::string_body>;

constexpr std::size_t kReadBytes = 4096;
// How much of a rejected request is still read, so that a reset does not destroy the answer.
constexpr std::size_t kLingerBytes = 256 * 1024;
constexpr Millis kLingerDeadline{2'000};

Method method_of(http::verb verb) {
  switch (verb) {
    case http::verb::get: return Method::kGet;
    case http::verb::head: return Method::kHead;
    case http::verb::post: return Method::kPost;
    case http::verb::put: return Method::kPut;
    case http::verb::patch: return Method::kPatch;
    case http::verb::delete_: return Method::kDelete;
    case http::verb::options: return Method::kOptions;
    default: return Method::kOther;
  }
}

std::string_view plain(beast::string_view text) {
  return {text.data(), text.size()};
}

bool wants_head_only(const Request& request) {
  return request.method == Method::kHead;
}

// In the two that follow everything with a destructor that a co_await uses has a name: g++ 12
// destroys such temporaries twice.

/// The answer of a worker.
asio::awaitable<Answer> wait_for_worker(Behind behind, std::shared_ptr<const Exchange> exchange,
                                        std::stop_token stop) {
  const auto home = co_await asio::this_coro::executor;
  auto begin = [behind, exchange, stop, home](auto handler) {
    const auto held = std::make_shared<decltype(handler)>(std::move(handler));
    answer_on_worker(behind, exchange, stop, home,
                     [held](Answer answer) { (*held)(std::move(answer)); });
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(Answer)>(
      begin, asio::use_awaitable);
}

/// The response of a Later, back on the server's thread.
asio::awaitable<Response> wait_for(std::shared_ptr<const Later> later) {
  const auto executor = co_await asio::this_coro::executor;
  auto begin = [executor, later](auto handler) {
    const auto held = std::make_shared<decltype(handler)>(std::move(handler));
    later->begin([executor, held](Response response) {
      auto answer = std::make_shared<Response>(std::move(response));
      asio::post(executor, [held, answer] { (*held)(std::move(*answer)); });
    });
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(Response)>(
      begin, asio::use_awaitable);
}

Response refuse_body(std::optional<net::BodyReader::Fault> fault) {
  using enum net::BodyReader::Fault;
  if (fault == kTooLarge) return problem(413, "The body is too large.");
  if (fault == kOverhead) return problem(431, "Chunk extensions and trailers are too large.");
  return problem(400, "The body cannot be read.");
}

std::size_t size_of(const Body& body) {
  const auto* text = std::get_if<std::string>(&body);
  return text == nullptr ? 0 : text->size();
}

Response& response_in(Answer& answer) {
  if (auto* follow = std::get_if<Follow>(&answer)) return follow->head;
  return std::get<Response>(answer);
}

}  // namespace

class Connection::Impl {
 public:
  Impl(tcp::socket socket, Ends ends, Parts parts)
      : parts_(std::move(parts)),
        ends_(std::move(ends)),
        stream_(std::move(socket)),
        waiter_(parts_.waits, [this] { abort(); }),
        writer_(stream_, waiter_, parts_.limits, parts_.clock) {}

  asio::awaitable<void> run();

  void finish() {
    finishing_ = true;
    if (idle_) abort();
  }

  void abort() { stream_.close(); }

 private:
  enum class Head { kRead, kGone };

  asio::awaitable<Head> read_head();
  asio::awaitable<bool> read_more();
  asio::awaitable<bool> parse_head(std::size_t size);
  asio::awaitable<bool> serve_one();
  asio::awaitable<void> read_body(Exchange& exchange);
  asio::awaitable<Answer> answer(std::shared_ptr<const Exchange> exchange);
  asio::awaitable<void> refuse_head(HeadFault fault);
  asio::awaitable<bool> hand_over(const Follow& follow);
  asio::awaitable<void> linger();

  [[nodiscard]] std::string_view arrived() const {
    return {static_cast<const char*>(buffer_.data().data()), buffer_.size()};
  }
  [[nodiscard]] const Dispatcher& dispatcher() const { return parts_.behind.dispatcher; }
  void skip_empty_line();
  [[nodiscard]] Request make_request() const;
  [[nodiscard]] net::BodyReader announced_body() const;
  [[nodiscard]] bool wants_continue() const;

  Parts parts_;
  const Ends ends_;
  beast::tcp_stream stream_;
  Waiter waiter_;
  ResponseWriter writer_;
  beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  bool first_ = true;
  bool idle_ = true;           // waiting for the first byte of a request
  bool may_skip_line_ = true;  // ahead of the request
  bool finishing_ = false;     // no further request
};

asio::awaitable<void> Connection::Impl::run() {
  beast::error_code ignored;
  stream_.socket().set_option(tcp::no_delay(true), ignored);
  while (!finishing_) {
    if (co_await read_head() == Head::kGone) co_return;
    if (!co_await serve_one()) co_return;
  }
  stream_.close();
}

asio::awaitable<Connection::Impl::Head> Connection::Impl::read_head() {
  const bool fresh = first_ || buffer_.size() > 0;
  first_ = false;
  may_skip_line_ = true;
  const Waiting waiting(waiter_);
  stream_.expires_after(fresh ? parts_.limits.head_deadline : parts_.limits.idle_deadline);
  while (true) {
    skip_empty_line();
    const HeadEnd end = find_head_end(arrived());
    if (end.kind == HeadEnd::Kind::kMalformed) {
      co_await refuse_head(
          {400, "A line of the head ends in a bare line feed, or the first is empty."});
      co_return Head::kGone;
    }
    if (end.kind == HeadEnd::Kind::kComplete && end.size <= parts_.limits.head_bytes) {
      co_return co_await parse_head(end.size) ? Head::kRead : Head::kGone;
    }
    if (arrived().size() > parts_.limits.head_bytes) {
      co_await refuse_head({431, "The head of a request is too large."});
      co_return Head::kGone;
    }
    if (!co_await read_more()) co_return Head::kGone;
  }
}

/// One may stand before a request (RFC 9112, 2.2).
void Connection::Impl::skip_empty_line() {
  if (!may_skip_line_ || !arrived().starts_with("\r\n")) return;
  may_skip_line_ = false;
  buffer_.consume(2);
}

asio::awaitable<bool> Connection::Impl::read_more() {
  const bool nothing_yet = buffer_.size() == 0;
  idle_ = nothing_yet;
  const auto [error, size] =
      co_await stream_.async_read_some(buffer_.prepare(kReadBytes), net::kTuple);
  idle_ = false;
  if (error) co_return false;
  buffer_.commit(size);
  if (nothing_yet) {
    stream_.expires_after(parts_.limits.head_deadline);
    waiter_.start();
  }
  co_return true;
}

asio::awaitable<bool> Connection::Impl::parse_head(std::size_t size) {
  auto fault = find_head_fault(arrived().substr(0, size));
  if (!fault) {
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(parts_.limits.head_bytes));
    parser_->body_limit(boost::none);  // the body is read by others, after the guards
    beast::error_code error;
    buffer_.consume(parser_->put(asio::buffer(buffer_.data(), size), error));
    if (error) fault = HeadFault{400, "The request cannot be understood."};
  }
  if (fault) co_await refuse_head(*fault);
  co_return !fault;
}

Request Connection::Impl::make_request() const {
  Request request;
  request.method = method_of(parser_->get().method());
  request.target = plain(parser_->get().target());
  request.peer = ends_.peer;
  request.local = ends_.local;
  request.local_port = ends_.local_port;
  request.oldest = parser_->get().version() == 10;
  request.secure = ends_.over_tls;
  for (const auto& field : parser_->get()) {
    request.headers.push_back(
        {std::string(plain(field.name_string())), std::string(plain(field.value()))});
  }
  request.has_body = parser_->chunked() || parser_->content_length().value_or(0) > 0;
  return request;
}

asio::awaitable<bool> Connection::Impl::serve_one() {
  const auto exchange = std::make_shared<Exchange>(make_request(), Dispatcher::Visit{});
  auto& [request, visit] = *exchange;
  visit = dispatcher().admit(request);
  if (!visit.refusal && wants_continue()) {
    if (!co_await writer_.write("HTTP/1.1 100 Continue\r\n\r\n", {})) co_return false;
  }
  if (!visit.refusal && request.has_body) co_await read_body(*exchange);
  const bool unread = request.has_body && visit.refusal;
  Answer answered = co_await answer(exchange);
  Response& response = response_in(answered);
  const auto share = parts_.unsent->take(lane_of(*exchange), size_of(response.body));
  if (!share) response = too_many_at_once();
  dispatcher().finish(visit, request, response);
  if (const auto* follow = std::get_if<Follow>(&answered);
      follow != nullptr && !finishing_ && !wants_head_only(request)) {
    co_return co_await hand_over(*follow);
  }
  const bool keep_alive = !unread && !finishing_ && parser_->keep_alive();
  const bool sent = co_await writer_.send(response, keep_alive, wants_head_only(request));
  if (sent && !keep_alive) co_await linger();
  co_return sent&& keep_alive;
}

asio::awaitable<Answer> Connection::Impl::answer(std::shared_ptr<const Exchange> exchange) {
  if (Dispatcher::is_quick(exchange->visit)) {
    co_return dispatcher().answer(exchange->visit, exchange->request);
  }
  const PeerWatch watch(stream_.socket());
  Answer answered = co_await wait_for_worker(parts_.behind, exchange, watch.left());
  if (auto* later = std::get_if<Later>(&answered)) {
    const auto work = std::make_shared<const Later>(std::move(*later));
    answered = co_await wait_for(work);
  }
  co_return answered;
}

bool Connection::Impl::wants_continue() const {
  const auto& fields = parser_->get();
  return parser_->get().version() == 11 && !parser_->is_done() &&
         beast::iequals(fields[http::field::expect], "100-continue");
}

net::BodyReader Connection::Impl::announced_body() const {
  const net::MessageLimits limits{.head_bytes = parts_.limits.head_bytes,
                                  .body_bytes = kMaxBodyBytes};
  if (parser_->chunked()) return net::BodyReader::chunked(limits);
  return net::BodyReader::of_length(parser_->content_length().value_or(0), limits);
}

/// What cannot be had is refused.
asio::awaitable<void> Connection::Impl::read_body(Exchange& exchange) {
  const Waiting waiting(waiter_);
  stream_.expires_after(parts_.limits.body_deadline);
  auto body = announced_body();
  const auto error = co_await net::read_body(stream_, buffer_, body);
  if (error || body.fault()) {
    exchange.visit.refusal = refuse_body(body.fault());
  } else {
    exchange.request.body = std::move(body.body());
  }
}

asio::awaitable<void> Connection::Impl::refuse_head(HeadFault fault) {
  Response response = problem(fault.status, fault.detail);
  dispatcher().finish_unread(response);
  if (co_await writer_.send(response, false, false)) co_await linger();
}

asio::awaitable<bool> Connection::Impl::hand_over(const Follow& follow) {
  const bool chunked = parser_->get().version() == 11;
  const Framing framing{.length = {}, .chunked = chunked, .keep_alive = chunked};
  if (!co_await writer_.send_head(follow.head, framing)) co_return false;
  stream_.expires_never();
  parts_.handover(stream_.release_socket(), chunked, follow);
  co_return false;
}

asio::awaitable<void> Connection::Impl::linger() {
  beast::error_code ignored;
  stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  const Waiting waiting(waiter_);
  stream_.expires_after(kLingerDeadline);
  for (std::size_t read = 0; read < kLingerBytes;) {
    buffer_.clear();
    const auto [error, size] =
        co_await stream_.async_read_some(buffer_.prepare(kReadBytes), net::kTuple);
    if (error) co_return;
    read += size;
  }
}

Connection::Connection(tcp::socket socket, Ends ends, Parts parts)
    : impl_(std::make_unique<Impl>(std::move(socket), std::move(ends), std::move(parts))) {}

Connection::~Connection() = default;

asio::awaitable<void> Connection::run() {
  const auto alive = shared_from_this();
  co_await impl_->run();
}

void Connection::finish() {
  impl_->finish();
}
void Connection::abort() {
  impl_->abort();
}

}  // namespace cc::api
