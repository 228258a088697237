#include "api/middleware/forwarded.h"

#include <gtest/gtest.h>

namespace cc::api {
namespace {

Forwarded trusting(std::initializer_list<std::string_view> networks) {
  std::vector<Network> parsed;
  for (const auto text : networks) parsed.push_back(Network::parse(text).value());
  return Forwarded(std::move(parsed));
}

Request from(std::string peer, std::vector<Header> headers) {
  Request request;
  request.peer = std::move(peer);
  request.headers = std::move(headers);
  return request;
}

std::string client(const Forwarded& forwarded, std::string peer, std::vector<Header> headers) {
  auto request = from(std::move(peer), std::move(headers));
  forwarded.apply(request);
  return request.peer;
}

bool secure(const Forwarded& forwarded, std::vector<Header> headers) {
  auto request = from("127.0.0.1", std::move(headers));
  forwarded.apply(request);
  return request.secure;
}

/// Attack: a stranger writes the header, to slip past limits by address or to put the blame on
/// somebody else.
TEST(Forwarded, AStrangerIsNotBelieved) {
  const std::vector<Header> headers{{"X-Forwarded-For", "192.0.2.1"},
                                    {"X-Forwarded-Proto", "https"}};
  for (const auto& forwarded : {trusting({}), trusting({"10.0.0.0/8"})}) {
    EXPECT_EQ(client(forwarded, "127.0.0.1", headers), "127.0.0.1");
    EXPECT_FALSE(secure(forwarded, headers));
  }
}

TEST(Forwarded, AProxyNamesItsClient) {
  const auto forwarded = trusting({"127.0.0.1", "10.0.0.0/8"});
  EXPECT_EQ(client(forwarded, "127.0.0.1", {{"X-Forwarded-For", "192.0.2.1"}}), "192.0.2.1");
  EXPECT_EQ(client(forwarded, "127.0.0.1", {{"x-forwarded-for", "192.0.2.1, 10.0.0.7"}}),
            "192.0.2.1");
  EXPECT_EQ(client(forwarded, "127.0.0.1",
                   {{"X-Forwarded-For", "192.0.2.1"}, {"X-Forwarded-For", "10.0.0.7"}}),
            "192.0.2.1");
  EXPECT_EQ(client(forwarded, "127.0.0.1", {{"X-Forwarded-For", "192.0.2.1:4711"}}), "192.0.2.1");
  EXPECT_EQ(client(forwarded, "127.0.0.1", {{"X-Forwarded-For", "[2001:db8::1]:4711"}}),
            "2001:db8::1");
  EXPECT_EQ(client(forwarded, "127.0.0.1", {}), "127.0.0.1");
}

/// Attack: the client sends the header itself, and the proxy adds to it.
TEST(Forwarded, WhatTheClientWroteIsNotBelieved) {
  const auto forwarded = trusting({"127.0.0.1"});
  EXPECT_EQ(client(forwarded, "127.0.0.1", {{"X-Forwarded-For", "203.0.113.9, 192.0.2.1"}}),
            "192.0.2.1");
  EXPECT_EQ(client(forwarded, "127.0.0.1", {{"X-Forwarded-For", "127.0.0.1, 192.0.2.1"}}),
            "192.0.2.1");
  EXPECT_EQ(client(forwarded, "127.0.0.1", {{"X-Forwarded-For", "192.0.2.1, rubbish"}}),
            "127.0.0.1");
  EXPECT_EQ(client(forwarded, "127.0.0.1", {{"X-Forwarded-For", ",,"}}), "127.0.0.1");
}

TEST(Forwarded, AProxySaysWhetherTheClientSpeaksTls) {
  const auto forwarded = trusting({"127.0.0.1"});
  EXPECT_TRUE(secure(forwarded, {{"X-Forwarded-Proto", "https"}}));
  EXPECT_TRUE(secure(forwarded, {{"X-Forwarded-Proto", "http, HTTPS"}}));
  EXPECT_FALSE(secure(forwarded, {{"X-Forwarded-Proto", "https, http"}}));
  EXPECT_FALSE(secure(forwarded, {{"X-Forwarded-Proto", "https"}, {"X-Forwarded-Proto", "http"}}));
  EXPECT_FALSE(secure(forwarded, {{"X-Forwarded-Proto", "httpsx"}}));
  EXPECT_FALSE(secure(forwarded, {}));
}

}  // namespace
}  // namespace cc::api
