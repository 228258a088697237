#include "gateway/protocol/transport_advice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cc::gateway::protocol {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string advice(std::string_view transport) {
  return transport_advice(transport, "WS_GATEWAY_URL");
}

TEST(TransportAdvice, SaysWhatToTryForEachWayNotToGetThrough) {
  EXPECT_THAT(advice("connection refused"), HasSubstr("openclaw gateway status"));
  EXPECT_THAT(advice("connection refused"), EndsWith("WS_GATEWAY_URL"));
  EXPECT_THAT(advice("no answer within 15 s"), HasSubstr("firewall"));
  EXPECT_THAT(advice("the name box cannot be looked up (Host not found)"), HasSubstr("DNS"));
  EXPECT_THAT(advice("its TLS certificate is not trusted (self-signed)"),
              HasSubstr("tls_fingerprint"));
  EXPECT_THAT(advice("TLS failed (wrong version number)"), HasSubstr("ws://"));
}

TEST(TransportAdvice, TellsSilenceOfTheNetworkFromThatOfAPeer) {
  EXPECT_THAT(advice("no answer to connect within 10 s"), HasSubstr("something listens there"));
}

TEST(TransportAdvice, HasNoneWhereWaitingIsBest) {
  EXPECT_THAT(advice("the connection was closed by the other side"), IsEmpty());
}

}  // namespace
}  // namespace cc::gateway::protocol
