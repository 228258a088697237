#pragma once
// Sends one HTTP request at a time to one origin, bounded in time and size. Redirects are not
// followed.

#include <memory>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "base/clock.h"
#include "base/extra_headers.h"
#include "base/result.h"
#include "base/secret.h"
#include "net/dial.h"
#include "net/endpoint.h"

namespace cc::net {

struct HttpRequest {
  std::string method = "GET";
  std::string target = "/";
  std::string body;  // JSON, where there is one
  std::optional<Secret> bearer;
  ExtraHeaders headers;         // an Authorization among them takes the place of `bearer`
  std::optional<Millis> limit;  // for what follows the connection; else the client's, for all
};

struct HttpAnswer {
  int status = 0;
  std::string content_type;
  std::string encoding;  // of the body; empty: as it is
  std::string location;  // where a redirect points
  std::string body;
};

/// A connection for each request. On one thread.
class HttpClient {
 public:
  struct Options {
    Endpoint endpoint;
    TlsRules tls;
    std::string user_agent;
    Millis limit{10'000};  // for all of a request
    std::size_t body_limit = std::size_t{16} << 20U;
  };
  HttpClient(boost::asio::any_io_executor executor, Options options);
  ~HttpClient();

  /// Errors are phrases: "connection refused". kTooLarge: a part of the answer (head, body, what
  /// frames it) is larger than its limit; the rest is not read.
  boost::asio::awaitable<Result<HttpAnswer>> send(HttpRequest request);
  /// Ends the request in flight with kCancelled.
  void cancel();

 private:
  template <class Stream>
  boost::asio::awaitable<Result<HttpAnswer>> exchange(Stream& stream, HttpRequest request);
  boost::asio::awaitable<Result<HttpAnswer>> send_plain(HttpRequest request);
  boost::asio::awaitable<Result<HttpAnswer>> send_secure(HttpRequest request);

  boost::asio::any_io_executor executor_;
  Options options_;
  boost::asio::ip::tcp::resolver resolver_;
  /// Of the request in flight, on its coroutine's frame; null where there is none.
  boost::beast::tcp_stream* current_ = nullptr;
};

}  // namespace cc::net
