// Who a gateway proves to be over TLS: by a pinned certificate, or by the system's authorities.

#include <memory>
#include <string>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "gateway/http_client.h"
#include "gateway/ws_stream.h"

namespace cc::gateway {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using ::testing::HasSubstr;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

/// A key and a certificate that nobody signed but itself.
class SelfSigned {
 public:
  SelfSigned() : key_(EVP_EC_gen("P-256"), &EVP_PKEY_free), certificate_(X509_new(), &X509_free) {
    X509* x509 = certificate_.get();
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509), -60);
    X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
    X509_set_pubkey(x509, key_.get());
    X509_NAME* name = X509_get_subject_name(x509);
    const unsigned char host[] = "localhost";
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, host, -1, -1, 0);
    X509_set_issuer_name(x509, name);
    X509_sign(x509, key_.get(), EVP_sha256());
  }

  void give_to(asio::ssl::context& context) const {
    SSL_CTX_use_certificate(context.native_handle(), certificate_.get());
    SSL_CTX_use_PrivateKey(context.native_handle(), key_.get());
  }

  /// In upper case with colons, as other tools print it.
  [[nodiscard]] std::string fingerprint() const {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    X509_digest(certificate_.get(), EVP_sha256(), digest, &size);
    constexpr char kDigits[] = "0123456789ABCDEF";
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
      if (i > 0) text += ':';
      text += kDigits[digest[i] >> 4U];
      text += kDigits[digest[i] & 15U];
    }
    return text;
  }

 private:
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
  std::unique_ptr<X509, decltype(&X509_free)> certificate_;
};

class Tls : public ::testing::Test {
 protected:
  Tls() : acceptor_(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
    certificate_.give_to(context_);
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
    options.heard = [] {};
    std::string got;
    asio::co_spawn(io_, talk(WsStream::create(io_.get_executor(), std::move(options)), got),
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
}  // namespace cc::gateway
