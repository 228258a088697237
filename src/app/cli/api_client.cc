#include "app/cli/api_client.h"

#include <array>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>
#include <simdjson.h>

#include "api/tls/certificate.h"
#include "app/version.h"
#include "base/text.h"
#include "net/dial.h"

namespace cc::app {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

constexpr std::size_t kMaxAnswerBytes = std::size_t{64} << 20U;
constexpr std::size_t kMaxProblemBytes = 64 * 1024;
constexpr std::chrono::seconds kPatience{1};  // until somebody is told that nothing came

/// Asynchronous operations, waited for one by one, because only those can have a time limit.
class Connection {
 public:
  Connection(const RunningServer& server, const std::function<bool()>& waiting)
      : server_(server), waiting_(waiting) {}

  Result<void> open(Millis limit) {
    error_code ec;
    const auto found =
        asio::ip::tcp::resolver(io_).resolve(server_.host, std::to_string(server_.port), ec);
    if (!ec) ec = wait(limit, [&](auto done) { plain_.async_connect(found, done); });
    if (ec || server_.certificate.empty()) return outcome(ec, "does not answer");
    return secure(limit);
  }

  Result<void> write(http::request<http::string_body>& request, Millis limit) {
    return outcome(transfer(
        limit, [&](auto& stream, auto done) { http::async_write(stream, request, done); }));
  }

  template <class Parser>
  Result<void> read_header(Parser& parser, Millis limit) {
    return outcome(transfer(limit, [&](auto& stream, auto done) {
      http::async_read_header(stream, buffer_, parser, done);
    }));
  }

  template <class Parser>
  Result<void> read_some(Parser& parser, Millis limit) {
    const auto ec = transfer(limit, [&](auto& stream, auto done) {
      http::async_read_some(stream, buffer_, parser, done);
    });
    return ec == http::error::need_buffer ? Result<void>{} : outcome(ec);
  }

 private:
  // The server is known by the certificate in the file that it was given, whoever signed that.
  Result<void> secure(Millis limit) {
    const auto fingerprint = api::certificate_fingerprint({"certificate", server_.certificate});
    const auto endpoint = net::Endpoint::parse(server_.url());
    if (!fingerprint) return std::unexpected(fingerprint.error());
    if (!endpoint) return std::unexpected(endpoint.error());
    const net::TlsRules rules{.fingerprint = *fingerprint};
    context_ = net::tls_context(rules);
    tls_.emplace(std::move(plain_), *context_);
    tls_->next_layer().expires_after(limit);
    Result<void> secured;
    asio::co_spawn(io_, net::secure(*tls_, *endpoint, rules),
                   [&](const std::exception_ptr&, Result<void> done) { secured = done; });
    io_.restart();
    io_.run();
    if (secured) return secured;
    return fail(secured.error().code,
                fmt::format("{}: {}", server_.url(), secured.error().message));
  }

  template <class Start>
  error_code transfer(Millis limit, Start start) {
    return wait(limit, [&](auto done) { tls_ ? start(*tls_, done) : start(plain_, done); });
  }

  template <class Start>
  error_code wait(Millis limit, Start start) {
    error_code result;
    (tls_ ? tls_->next_layer() : plain_).expires_after(limit);
    start([&](error_code ec, auto&&...) { result = ec; });
    io_.restart();
    for (io_.run_for(kPatience); !io_.stopped(); io_.run_for(kPatience)) {
      if (waiting_ && !waiting_()) (tls_ ? tls_->next_layer() : plain_).cancel();
    }
    return result;
  }

  [[nodiscard]] Result<void> outcome(error_code ec, std::string_view what = "broke off") const {
    if (!ec) return {};
    const bool late = ec == beast::error::timeout;
    return fail(late ? ErrorCode::kTimeout : ErrorCode::kUnavailable,
                fmt::format("{} {}: {}", server_.url(), what,
                            late ? "nothing came in time" : ec.message()));
  }

  const RunningServer& server_;
  const std::function<bool()>& waiting_;
  asio::io_context io_{1};
  beast::tcp_stream plain_{io_};
  std::shared_ptr<asio::ssl::context> context_;
  std::optional<net::TlsStream> tls_;  // set: `plain_` has become part of it
  beast::flat_buffer buffer_;
};

http::request<http::string_body> make_request(const ApiRequest& asked, const RunningServer& server,
                                              const Secret& token) {
  http::request<http::string_body> request(http::string_to_verb(asked.method), asked.target, 11);
  request.set(http::field::host, authority(server.host, server.port));
  request.set(http::field::user_agent, fmt::format("control-center/{}", kProgramVersion));
  request.set(http::field::authorization, "Bearer " + token.reveal());
  request.set(http::field::connection, "close");
  if (asked.method == "POST") request.set(http::field::content_type, "application/json");
  if (!asked.last_event_id.empty()) request.set("Last-Event-ID", asked.last_event_id);
  if (!asked.idempotency_key.empty()) request.set("Idempotency-Key", asked.idempotency_key);
  if (asked.wait_s > 0) request.set("Prefer", fmt::format("wait={}", asked.wait_s));
  request.body() = asked.body;
  request.prepare_payload();
  return request;
}

/// Reads the body piece by piece until it ends or nobody wants more.
template <class Parser, class Take>
Result<void> read_body(Connection& connection, Parser& parser, Millis silence, const Take& take) {
  std::array<char, 64 * 1024> piece{};
  while (!parser.is_done()) {
    auto& body = parser.get().body();
    body.data = piece.data();
    body.size = piece.size();
    if (auto read = connection.read_some(parser, silence); !read) return read;
    const auto size = piece.size() - body.size;
    if (size > 0 && !take(std::string_view(piece.data(), size))) return {};
  }
  return {};
}

}  // namespace

std::string ApiAnswer::problem() const {
  simdjson::dom::parser parser;
  std::string_view detail;
  if (parser.parse(body)["detail"].get(detail) == simdjson::SUCCESS) {
    return clean_text(detail);
  }
  return fmt::format("the server answers {}", status);
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '-' || c == '_' || c == '.';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

ApiClient::ApiClient(RunningServer server, Secret token)
    : server_(std::move(server)), token_(std::move(token)) {}
ApiClient::~ApiClient() = default;
ApiClient::ApiClient(ApiClient&&) noexcept = default;
ApiClient& ApiClient::operator=(ApiClient&&) noexcept = default;

Result<ApiAnswer> ApiClient::send(const ApiRequest& request) {
  std::string body;
  bool fits = true;
  auto answer = stream(request, [&](std::string_view bytes) {
    fits = body.size() + bytes.size() <= kMaxAnswerBytes;
    if (fits) body += bytes;
    return fits;
  });
  if (!fits) return fail(ErrorCode::kTooLarge, "the server's answer is too large");
  if (answer && answer->ok()) answer->body = std::move(body);
  return answer;
}

Result<ApiAnswer> ApiClient::stream(const ApiRequest& asked, const Take& take) {
  Connection connection(server_, asked.waiting);
  auto request = make_request(asked, server_, token_);
  http::response_parser<http::buffer_body> parser;
  parser.body_limit(boost::none);
  auto done = connection.open(asked.silence);
  if (done) done = connection.write(request, asked.silence);
  if (done) done = connection.read_header(parser, asked.silence);
  if (!done) return std::unexpected(done.error());
  ApiAnswer answer{static_cast<int>(parser.get().result_int()), {}};
  const auto keep = [&](std::string_view bytes) {
    answer.body += bytes.substr(0, kMaxProblemBytes - answer.body.size());
    return answer.body.size() < kMaxProblemBytes;
  };
  done = answer.ok() ? read_body(connection, parser, asked.silence, take)
                     : read_body(connection, parser, asked.silence, keep);
  if (!done) return std::unexpected(done.error());
  return answer;
}

}  // namespace cc::app
