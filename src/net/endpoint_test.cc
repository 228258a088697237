#include "net/endpoint.h"

#include <gtest/gtest.h>

namespace cc::net {
namespace {

TEST(Endpoint, ReadsWhatAUrlNames) {
  const auto endpoint = Endpoint::parse("ws://gateway.example:18789/path?x=1");
  ASSERT_TRUE(endpoint);
  EXPECT_FALSE(endpoint->tls);
  EXPECT_EQ(endpoint->host, "gateway.example");
  EXPECT_EQ(endpoint->port, 18789);
  EXPECT_EQ(endpoint->target, "/path?x=1");
  EXPECT_EQ(endpoint->authority(), "gateway.example:18789");
}

TEST(Endpoint, KnowsTheDefaultPorts) {
  EXPECT_EQ(Endpoint::parse("ws://a")->port, 80);
  EXPECT_EQ(Endpoint::parse("http://a/")->port, 80);
  EXPECT_EQ(Endpoint::parse("wss://a")->port, 443);
  EXPECT_EQ(Endpoint::parse("https://a")->port, 443);
  EXPECT_TRUE(Endpoint::parse("wss://a")->tls);
  EXPECT_EQ(Endpoint::parse("wss://a")->target, "/");
  EXPECT_EQ(Endpoint::parse("ws://a?x=1")->target, "/?x=1");
}

/// RFC 3986, 3.1: schemes are read without regard to case.
TEST(Endpoint, ASchemeMayBeWrittenInAnyCase) {
  for (const auto* url : {"WS://a", "Http://a"}) EXPECT_FALSE(Endpoint::parse(url)->tls) << url;
  for (const auto* url : {"WSS://a", "hTTPs://a"}) EXPECT_TRUE(Endpoint::parse(url)->tls) << url;
}

TEST(Endpoint, NeverShowsCredentials) {
  const auto endpoint = Endpoint::parse("wss://user:hunter2@gateway.example/?token=hunter3");
  ASSERT_TRUE(endpoint);
  EXPECT_EQ(endpoint->display("wss"), "wss://gateway.example:443/");
}

TEST(Endpoint, ReadsAddresses) {
  EXPECT_EQ(Endpoint::parse("ws://[::1]:18789/")->authority(), "[::1]:18789");
  EXPECT_TRUE(Endpoint::parse("ws://[::1]:18789/")->is_loopback());
  EXPECT_TRUE(Endpoint::parse("ws://127.0.0.2/")->is_loopback());
  EXPECT_TRUE(Endpoint::parse("ws://127.0.0.2/")->is_address());
  EXPECT_TRUE(Endpoint::parse("ws://localhost/")->is_loopback());
  EXPECT_FALSE(Endpoint::parse("ws://localhost/")->is_address());
  EXPECT_FALSE(Endpoint::parse("ws://192.0.2.1/")->is_loopback());
}

TEST(Endpoint, RefusesWhatItCannotReachWithoutRepeatingIt) {
  for (const char* url : {"", "gateway:1", "ftp://hunter2/", "ws:///x", "ws://a b/", "hunter2"}) {
    const auto endpoint = Endpoint::parse(url);
    ASSERT_FALSE(endpoint) << url;
    EXPECT_EQ(endpoint.error().message.find("hunter2"), std::string::npos);
  }
}

}  // namespace
}  // namespace cc::net
