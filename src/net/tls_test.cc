// Who a gateway proves to be over TLS: by a pinned certificate, or by the system's authorities.

#include <memory>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/self_signed.h"
#include "net/completion.h"
#include "net/http_client.h"
#include "net/ws_stream.h"

namespace cc::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using cc::testing::SelfSigned;
using ::testing::HasSubstr;

class Tls : public ::testing::Test {
 protected:
  Tls() : acceptor_(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
    certificate_.give_to(context_.native_handle());
    asio::co_spawn(io_, serve(), asio::detached);
  }

  asio::awaitable<void> serve() {
    auto [ec, socket] = co_await acceptor_.async_accept(kTuple);
    if (ec) co_return;
    asio::ssl::stream<tcp::socket> stream(std::move(socket), context_);
    auto [tls_ec] = co_await stream.async_handshake(asio::ssl::stream_base::server, kTuple);
    if (tls_ec) co_return;
    beast::flat_buffer buffer;
    http::request<http::string_body> request;
    auto [read_ec, size] = co_await http::async_read(stream, buffer, request, kTuple);
    if (read_ec) co_return;
    ++requests_;
    if (beast::websocket::is_upgrade(request)) {
      co_await greet(std::move(stream), std::move(request));
    } else {
      http::response<http::string_body> response(http::status::ok, 11);
      response.body() = "[]";
      response.prepare_payload();
      co_await http::async_write(stream, response, kTuple);
    }
  }

  static asio::awaitable<void> greet(asio::ssl::stream<tcp::socket> stream,
                                     http::request<http::string_body> request) {
    beast::websocket::stream<asio::ssl::stream<tcp::socket>> ws(std::move(stream));
    auto [ec] = co_await ws.async_accept(request, kTuple);
    if (ec) co_return;
    const std::string greeting = "hello";
    co_await ws.async_write(asio::buffer(greeting), kTuple);
    beast::flat_buffer rest;
    co_await ws.async_read(rest, kTuple);
  }

  [[nodiscard]] Endpoint endpoint(const std::string& scheme, const std::string& host) const {
    const auto port = std::to_string(acceptor_.local_endpoint().port());
    return Endpoint::parse(scheme + "://" + host + ":" + port + "/").value();
  }

  /// The first message of the server, or why there is none.
  std::string first_message(std::optional<std::string> pin) {
    WsStream::Options options;
    options.endpoint = endpoint("wss", "127.0.0.1");
    options.tls.fingerprint = std::move(pin);
    options.message_limit = 1000;
    options.closing = Millis(100);
    std::string got;
    asio::co_spawn(io_, talk(WsStream::create(io_.get_executor(), std::move(options), [] {}), got),
                   asio::detached);
    io_.run_for(std::chrono::seconds(10));
    return got;
  }

  static asio::awaitable<void> talk(std::shared_ptr<WsStream> stream, std::string& got) {
    auto opened = co_await stream->open();
    if (!opened) {
      got = opened.error().transport;
      co_return;
    }
    auto message = co_await stream->read();
    got = message ? std::string(*message) : message.error().transport;
    co_await stream->close(1000, "");
  }

  asio::io_context io_;
  SelfSigned certificate_;
  asio::ssl::context context_{asio::ssl::context::tls_server};
  tcp::acceptor acceptor_;
  int requests_ = 0;
};

TEST_F(Tls, ThePinnedCertificateIsEnough) {
  EXPECT_EQ(first_message(certificate_.fingerprint()), "hello");
}

TEST_F(Tls, AnotherCertificateIsRefusedBeforeAnythingIsSent) {
  EXPECT_THAT(first_message(SelfSigned().fingerprint()), HasSubstr("not the pinned one"));
  EXPECT_EQ(requests_, 0);
}

TEST_F(Tls, AnEmptyPinFitsNothing) {
  EXPECT_THAT(first_message(""), HasSubstr("not the pinned one"));
  EXPECT_EQ(requests_, 0);
}

TEST_F(Tls, WithoutAPinAnAuthorityIsNeeded) {
  EXPECT_THAT(first_message(std::nullopt), HasSubstr("not trusted"));
  EXPECT_EQ(requests_, 0);
}

TEST_F(Tls, HttpHoldsTheSameRules) {
  HttpClient::Options options;
  options.endpoint = endpoint("https", "localhost");
  options.tls.fingerprint = certificate_.fingerprint();
  HttpClient client(io_.get_executor(), options);
  std::optional<Result<HttpAnswer>> answer;
  asio::co_spawn(io_, client.send({}), [&](const std::exception_ptr&, Result<HttpAnswer> got) {
    answer = std::move(got);
  });
  io_.run_for(std::chrono::seconds(10));
  ASSERT_TRUE(answer && *answer) << (answer ? answer->error().message : "no answer");
  EXPECT_EQ((*answer)->body, "[]");
}

}  // namespace
}  // namespace cc::net
