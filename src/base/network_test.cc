#include "base/network.h"

#include <gtest/gtest.h>

namespace cc {
namespace {

bool holds(std::string_view network, std::string_view address) {
  const auto parsed = Network::parse(network);
  const auto bytes = address_bytes(address);
  EXPECT_TRUE(parsed && bytes) << network << " " << address;
  return parsed && bytes && parsed->contains(*bytes);
}

TEST(Network, HoldsWhatBeginsAlike) {
  EXPECT_TRUE(holds("10.0.0.0/8", "10.255.1.2"));
  EXPECT_FALSE(holds("10.0.0.0/8", "11.0.0.1"));
  EXPECT_TRUE(holds("10.1.2.128/25", "10.1.2.200"));
  EXPECT_FALSE(holds("10.1.2.128/25", "10.1.2.127"));
  EXPECT_TRUE(holds("fd00::/8", "fd12::1"));
  EXPECT_FALSE(holds("fd00::/8", "fe80::1"));
  EXPECT_TRUE(holds("0.0.0.0/0", "192.0.2.1"));
  EXPECT_FALSE(holds("0.0.0.0/0", "::1"));
}

TEST(Network, AnAddressIsANetworkOfOne) {
  EXPECT_TRUE(holds("127.0.0.1", "127.0.0.1"));
  EXPECT_FALSE(holds("127.0.0.1", "127.0.0.2"));
}

TEST(Network, IPv4InTheClothesOfIPv6IsIPv4) {
  EXPECT_TRUE(holds("10.0.0.0/8", "::ffff:10.1.1.1"));
  EXPECT_TRUE(holds("::ffff:10.1.1.1", "10.1.1.1"));
}

TEST(Network, NothingElseIsOne) {
  for (const auto* text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/8x",
                           "fd00::/129", "10.0.0.0/-1", "proxy", "[::1]", "10.0.0/8"}) {
    EXPECT_FALSE(Network::parse(text)) << text;
  }
}

}  // namespace
}  // namespace cc
