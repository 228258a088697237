#include "net/ws_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/testing/raw_server.h"

namespace cc::net {
namespace {

namespace asio = boost::asio;
using ::testing::HasSubstr;
using testing::RawServer;

class WsUpgrade : public ::testing::Test {
 protected:
  /// Why no WebSocket came about.
  WsEnd open(const RawServer& server) {
    WsStream::Options options;
    options.endpoint = Endpoint::parse(server.url("ws")).value();
    options.connect = std::chrono::seconds(60);
    WsEnd end;
    asio::co_spawn(io_, open(WsStream::create(io_.get_executor(), std::move(options), [] {}), end),
                   [this](const std::exception_ptr&) { io_.stop(); });
    io_.run_for(std::chrono::seconds(60));
    io_.restart();
    return end;
  }

  asio::io_context io_;

 private:
  static asio::awaitable<void> open(std::shared_ptr<WsStream> stream, WsEnd& end) {
    auto opened = co_await stream->open();
    if (!opened) end = opened.error();
    stream->abort();
  }
};

/// Attack: what stands where a gateway was answers the upgrade without end.
TEST_F(WsUpgrade, AnAnswerWithoutEndIsGivenUp) {
  const std::string much(16'384, 'x');
  for (const std::string start :
       {"HTTP/1.1 403 No\r\n\r\n", "HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\n1;",
        "HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: "}) {
    const RawServer server(io_, start, much);
    EXPECT_THAT(open(server).transport, HasSubstr("larger than 256 KiB")) << start;
    EXPECT_LT(server.sent(), std::size_t{8} << 20U);
  }
}

TEST_F(WsUpgrade, ARedirectTellsWhereToWithoutItsSecrets) {
  const RawServer server(io_,
                         "HTTP/1.1 302 Found\r\nLocation: https://login.example/in?state=hunter2"
                         "\r\nContent-Length: 0\r\n\r\n");
  const auto end = open(server);
  EXPECT_EQ(end.http_status, 302);
  EXPECT_EQ(end.location, "https://login.example/in");
  EXPECT_THAT(end.transport, HasSubstr("HTTP 302 to https://login.example/in"));
}

TEST_F(WsUpgrade, AServerThatWantsTlsIsNamedAsOne) {
  const RawServer server(io_, std::string("\x15\x03\x01\x00\x02\x02\x46", 7));
  EXPECT_THAT(open(server).transport, HasSubstr("wss://"));
}

}  // namespace
}  // namespace cc::net
