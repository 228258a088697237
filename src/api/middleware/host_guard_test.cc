#include "api/middleware/host_guard.h"

#include <gtest/gtest.h>

namespace cc::api {
namespace {

struct Case {
  std::string_view host;
  HostVerdict verdict;
};

Request request_for(std::string_view host, std::string_view local = "192.0.2.7") {
  Request request;
  request.headers = {{"Host", std::string(host)}};
  request.local = local;
  return request;
}

TEST(HostGuard, KnowsItsNames) {
  const HostGuard guard("Control.example", {"Other.Example:9000", "[2001:db8::5]", "fd00::1"});
  constexpr auto kOurs = HostVerdict::kOurs;
  constexpr auto kMisdirected = HostVerdict::kMisdirected;
  constexpr auto kMalformed = HostVerdict::kMalformed;
  const Case cases[] = {
      {"control.example", kOurs},
      {"CONTROL.EXAMPLE:8787", kOurs},
      {"control.example:1", kOurs},
      {"control.example:", kOurs},
      {"other.example", kOurs},
      {"localhost", kOurs},
      {"LocalHost:8787", kOurs},
      {"127.0.0.1", kOurs},
      {"127.8.9.10:80", kOurs},
      {"[::1]:8787", kOurs},
      {"[0:0:0:0:0:0:0:1]", kOurs},
      {"[::ffff:127.0.0.1]", kOurs},
      {"192.0.2.7", kOurs},
      {"192.0.2.7:8787", kOurs},
      {"[2001:db8::5]:8787", kOurs},
      {"[2001:DB8:0::5]", kOurs},
      {"[fd00::1]", kOurs},
      {"192.0.2.8", kMisdirected},
      {"evil.example", kMisdirected},
      {"localhost.evil.example", kMisdirected},
      {"127.0.0.1.evil.example", kMisdirected},
      {"control.example.evil.example", kMisdirected},
      {"xcontrol.example", kMisdirected},
      {"control.example.", kMisdirected},
      {"128.0.0.1", kMisdirected},
      {"127.1", kMisdirected},
      {"0.0.0.0", kMisdirected},
      {"[::]", kMisdirected},
      {"[::2]", kMisdirected},
      {"", kMalformed},
      {":8787", kMalformed},
      {"[::1", kMalformed},
      {"::1", kMalformed},
      {"localhost:http", kMalformed},
      {"localhost:123456", kMalformed},
      {"user@localhost", kMalformed},
      {"localhost, evil.example", kMalformed},
      {"localhost evil.example", kMalformed},
      {"localhost/x", kMalformed},
      {"[localhost]", kMalformed},
      {"[::1]x", kMalformed},
  };
  for (const auto& [host, verdict] : cases) {
    EXPECT_EQ(guard.judge(request_for(host)), verdict) << host;
  }
}

TEST(HostGuard, WantsExactlyOneHost) {
  const HostGuard guard("127.0.0.1", {});
  Request request;
  EXPECT_EQ(guard.judge(request), HostVerdict::kMalformed);
  request.headers = {{"Host", "localhost"}, {"host", "localhost"}};
  EXPECT_EQ(guard.judge(request), HostVerdict::kMalformed);
}

TEST(HostGuard, TakesTheAddressThatTheConnectionCameInOn) {
  const HostGuard guard("0.0.0.0", {});
  EXPECT_EQ(guard.judge(request_for("10.0.0.5", "10.0.0.5")), HostVerdict::kOurs);
  EXPECT_EQ(guard.judge(request_for("10.0.0.5", "::ffff:10.0.0.5")), HostVerdict::kOurs);
  EXPECT_EQ(guard.judge(request_for("[fe80::1]", "fe80::1%eth0")), HostVerdict::kOurs);
  EXPECT_EQ(guard.judge(request_for("10.0.0.6", "10.0.0.5")), HostVerdict::kMisdirected);
}

}  // namespace
}  // namespace cc::api
