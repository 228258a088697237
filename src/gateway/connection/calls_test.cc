#include "gateway/connection/calls.h"

#include <optional>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace cc::gateway {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// One `sessions.list` whose limit stands for 30 s. Each time that it is over, the gateway was
/// heard from, or not. So no clock has to run.
class CallsTest : public ::testing::Test {
 protected:
  std::optional<Calls::Outcome> list_that_is_answered_at(int limits, bool is_heard) {
    int over = 0;
    Calls calls(
        io_.get_executor(), [](const std::string&) {},
        [&](Millis) {
          if (++over == limits) calls.answer({.id = "1", .ok = true, .payload = {}, .error = {}});
          return is_heard;
        });
    std::optional<Calls::Outcome> outcome;
    const auto ask = [&]() -> asio::awaitable<void> {
      outcome = co_await calls.call("sessions.list", "{}", 1ms,
                                    [](simdjson::dom::element) { return Result<void>{}; });
    };
    asio::co_spawn(io_, ask(), asio::detached);
    io_.run();
    limits_over_ = over;
    return outcome;
  }

  asio::io_context io_;
  int limits_over_ = 0;
};

// It was given up after 30 s and asked for again, for ever: the gateway never became live.
TEST_F(CallsTest, AListThatTakes45SecondsIsWaitedForWhileTheGatewayIsHeard) {
  const auto outcome = list_that_is_answered_at(1, true);
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(outcome->has_value());
  EXPECT_EQ(limits_over_, 1);
}

TEST_F(CallsTest, AListOfAGatewayThatIsSilentIsGivenUpAfterOneLimit) {
  const auto outcome = list_that_is_answered_at(2, false);
  ASSERT_TRUE(outcome && !*outcome);
  EXPECT_EQ(outcome->error().kind, CallFailure::Kind::kTimeout);
  EXPECT_EQ(limits_over_, 1);
}

TEST_F(CallsTest, AListIsNotWaitedForForEver) {
  const auto outcome = list_that_is_answered_at(1'000, true);
  ASSERT_TRUE(outcome && !*outcome);
  EXPECT_EQ(outcome->error().kind, CallFailure::Kind::kTimeout);
}

}  // namespace
}  // namespace cc::gateway
