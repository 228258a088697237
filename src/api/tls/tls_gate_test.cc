// The server over TLS, as a client sees it.

#include "api/tls/tls_gate.h"

#include <csignal>
#include <filesystem>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/testing/running_server.h"
#include "api/testing/tls_client.h"
#include "base/testing/self_signed.h"

namespace cc::api {
namespace {

using cc::testing::put_file;
using cc::testing::SelfSigned;
using ::testing::HasSubstr;
using testing::RawClient;
using testing::RunningServer;
using testing::TlsClient;

class OverTls : public ::testing::Test {
 protected:
  OverTls() {
    std::signal(SIGPIPE, SIG_IGN);  // as the program does
  }

  static std::string get(std::string_view path, std::string_view more = {}) {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " +
           std::string(testing::kViewerToken) + "\r\n" + std::string(more) + "\r\n";
  }

  RunningServer server_{{.tls = true}};
};

TEST_F(OverTls, RequestsAreAnsweredAndTheConnectionKept) {
  TlsClient client(server_.port());
  ASSERT_TRUE(client.secured());
  for (int i = 0; i < 3; ++i) {
    client.send(get("/api/v1/status"));
    EXPECT_THAT(client.read_until("}}"), HasSubstr("200 OK"));
  }
  client.send(get("/healthz", "Connection: close\r\n"));
  EXPECT_TRUE(client.read_to_end()) << "the end is said, not cut off";
  EXPECT_THAT(client.held(), HasSubstr(R"({"status":"ok"})"));
}

TEST_F(OverTls, ALargeAnswerArrivesWhole) {
  server_.commit(200, 5'000);
  TlsClient client(server_.port());
  client.send(get("/api/v1/events?limit=150", "Connection: close\r\n"));
  EXPECT_TRUE(client.read_to_end());
  EXPECT_GT(client.held().size(), 700'000U);
  EXPECT_THAT(client.held().substr(client.held().size() - 60), HasSubstr("\"cursor\":"));
}

TEST_F(OverTls, AStreamFlowsAndEndsWithItsLogin) {
  TlsClient client(server_.port());
  client.send(get("/api/v1/stream"));
  EXPECT_THAT(client.read_until("retry: "), HasSubstr("text/event-stream"));
  server_.commit(300, 2'000);
  (void)client.read_until("-300\n");
  server_.auth.revoked = true;
  server_.clock.advance(std::chrono::seconds(5));
  EXPECT_TRUE(client.read_to_end());
}

TEST_F(OverTls, TheSignInCookieIsBoundToTheHost) {
  TlsClient client(server_.port());
  const std::string body = R"({"token":")" + std::string(testing::kViewerToken) + R"("})";
  client.send(
      "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Content-Length: " +
      std::to_string(body.size()) + "\r\n\r\n" + body);
  EXPECT_THAT(
      client.read_until("\r\n\r\n"),
      HasSubstr("Set-Cookie: __Host-control_center_session_" + std::to_string(server_.port()) +
                "=the-cookie-of-the-test; Secure; HttpOnly; SameSite=Strict; Path=/; "
                "Max-Age="));
  EXPECT_EQ(server_.auth.last_address(), "127.0.0.1");
}

/// Attack: a page that was brought in over http writes with the browser's cookie.
TEST_F(OverTls, AnOriginWithoutTlsIsForeign) {
  const auto status = [&](std::string_view origin) {
    TlsClient client(server_.port());
    client.send("DELETE /api/v1/session HTTP/1.1\r\nHost: localhost\r\nOrigin: " +
                std::string(origin) + "\r\n\r\n");
    return client.read_until("\r\n\r\n").substr(9, 3);
  };
  EXPECT_EQ(status("http://localhost"), "403");
  EXPECT_EQ(status("https://localhost"), "401");
}

TEST_F(OverTls, OldVersionsAreNotSpoken) {
  EXPECT_FALSE(TlsClient(server_.port(), TLS1_1_VERSION).secured());
  EXPECT_TRUE(TlsClient(server_.port(), TLS1_2_VERSION).secured());
}

TEST_F(OverTls, WhoSpeaksPlainHttpIsToldSo) {
  RawClient client(server_.port());
  client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto answer = client.read();
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr("https"));
}

/// Attack: connections that never get to the end of their handshake.
TEST_F(OverTls, AHandshakeThatDoesNotComeEndsTheConnection) {
  RawClient silent(server_.port());
  RawClient stuck(server_.port());
  stuck.send("\x16\x03\x01");
  TlsClient client(server_.port());
  EXPECT_TRUE(client.secured());
  EXPECT_TRUE(silent.is_closed());
  EXPECT_TRUE(stuck.is_closed());
}

TEST_F(OverTls, RubbishEndsTheConnectionAndNothingElse) {
  RawClient rubbish(server_.port());
  rubbish.send("\x16\x03\x01\x40\x01" + std::string(16'000, 'x'));
  while (!rubbish.read_until("never said").empty()) {
  }
  TlsClient client(server_.port());
  EXPECT_TRUE(client.secured());
}

TEST_F(OverTls, PlacesAreGivenBackWhenHandshakesFail) {
  RunningServer narrow({.limits = {.connections = 2}, .tls = true});
  for (int i = 0; i < 5; ++i) {
    RawClient rubbish(narrow.port());
    rubbish.send("no handshake");
    (void)rubbish.read();
    EXPECT_TRUE(rubbish.is_closed());
  }
  bool served = false;
  for (int tries = 0; !served && tries < 1000; ++tries) {
    TlsClient client(narrow.port());
    client.send(get("/healthz"));
    served = client.read_until("\"ok\"").find("200 OK") != std::string::npos;
  }
  EXPECT_TRUE(served);
}

TEST_F(OverTls, AClientThatLeavesIsNoticed) {
  {
    TlsClient client(server_.port());
    client.send(get("/api/v1/stream"));
    (void)client.read_until("retry: ");
    EXPECT_EQ(server_.readers(), 1U);
  }
  while (server_.readers() > 0) std::this_thread::yield();
}

TEST_F(OverTls, StoppingEndsStreamsCleanly) {
  TlsClient client(server_.port());
  client.send(get("/api/v1/stream"));
  (void)client.read_until("retry: ");
  server_.stop();
  EXPECT_TRUE(client.read_to_end());
  EXPECT_THAT(client.held(), HasSubstr("0\r\n\r\n"));
}

}  // namespace
}  // namespace cc::api
