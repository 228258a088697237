#include "net/http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/testing/raw_server.h"

namespace cc::net {
namespace {

namespace asio = boost::asio;
using ::testing::HasSubstr;
using testing::RawServer;

constexpr std::size_t kMostSent = std::size_t{8} << 20U;  // what sockets hold is in it

class HttpClientTest : public ::testing::Test {
 protected:
  Result<HttpAnswer> ask(const RawServer& server, HttpRequest request = {}) {
    HttpClient client(
        io_.get_executor(),
        {.endpoint = Endpoint::parse(server.url("http")).value(), .tls = {}, .user_agent = "test"});
    Result<HttpAnswer> answer = fail(ErrorCode::kTimeout, "nothing at all");
    asio::co_spawn(io_, client.send(std::move(request)),
                   [&](const std::exception_ptr&, Result<HttpAnswer> got) {
                     answer = std::move(got);
                     io_.stop();
                   });
    io_.run_for(std::chrono::seconds(60));
    io_.restart();
    return answer;
  }
  Result<HttpAnswer> answered_with(std::string bytes) {
    const RawServer server(io_, std::move(bytes));
    return ask(server);
  }

  asio::io_context io_;
};

TEST_F(HttpClientTest, ReadsAnAnswerHoweverItsEndIsTold) {
  for (const auto* rest :
       {"Content-Length: 2\r\n\r\n[]", "\r\n[]",
        "Transfer-Encoding: chunked\r\n\r\n1;x=y\r\n[\r\n1\r\n]\r\n0\r\nA: b\r\n\r\n"}) {
    const auto answer = answered_with(std::string("HTTP/1.1 200 OK\r\n") + rest);
    ASSERT_TRUE(answer) << rest << answer.error().message;
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "[]") << rest;
  }
}

TEST_F(HttpClientTest, TellsWhereARedirectPointsAndWhatTheBodyIs) {
  const auto answer = answered_with(
      "HTTP/1.1 302 Found\r\nLocation: https://login.example/\r\nContent-Encoding: gzip\r\n"
      "Content-Length: 0\r\n\r\n");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->location, "https://login.example/");
  EXPECT_EQ(answer->encoding, "gzip");
}

TEST_F(HttpClientTest, WhatEndsTooEarlyIsNoAnswer) {
  for (const auto* bytes :
       {"", "HTTP/1.1 200 OK\r\nCont", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n[]",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n"}) {
    const auto answer = answered_with(bytes);
    ASSERT_FALSE(answer) << bytes;
    EXPECT_THAT(answer.error().message, HasSubstr("before the answer was whole")) << bytes;
  }
}

struct Endless {
  const char* name;
  std::string start;
  std::string more;
};

class EndlessAnswer : public HttpClientTest, public ::testing::WithParamInterface<Endless> {};

const std::string kChunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const std::string kMuch(16'384, 'x');

/// Attack: a gateway, or a proxy before it, that answers without end, in whatever part of it.
TEST_P(EndlessAnswer, IsGivenUp) {
  const RawServer server(io_, GetParam().start, GetParam().more);
  const auto answer = ask(server);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kTooLarge) << answer.error().message;
  EXPECT_LT(server.sent(), (std::size_t{16} << 20U) + kMostSent);
}

INSTANTIATE_TEST_SUITE_P(Parts, EndlessAnswer,
                         ::testing::Values(Endless{"Head", "HTTP/1.1 200 OK\r\nX: ", kMuch},
                                           Endless{"Headers", "HTTP/1.1 200 OK\r\n", "X: y\r\n"},
                                           Endless{"Body", "HTTP/1.1 200 OK\r\n\r\n", kMuch},
                                           Endless{"Chunks", kChunked, "4000\r\n" + kMuch + "\r\n"},
                                           Endless{"Extension", kChunked + "1;", kMuch},
                                           Endless{"Extensions", kChunked, "1;abc\r\nx\r\n"},
                                           Endless{"Size", kChunked, std::string(64, '0')},
                                           Endless{"Trailer", kChunked + "0\r\nX: ", kMuch},
                                           Endless{"Trailers", kChunked + "0\r\n", "X: y\r\n"}),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace cc::net
