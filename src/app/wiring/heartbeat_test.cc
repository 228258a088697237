#include "app/wiring/heartbeat.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace cc::app {
namespace {

TEST(Heartbeat, BeatsOnItsThreadUntilItGoes) {
  boost::asio::io_context io;
  int beats = 0;
  std::optional<Heartbeat> heartbeat;
  heartbeat.emplace(io.get_executor(), Millis(1), [&] {
    if (++beats == 3) heartbeat.reset();
  });
  EXPECT_EQ(beats, 0) << "on the caller's thread";
  io.run();
  EXPECT_EQ(beats, 3);
}

TEST(Heartbeat, AThreadThatHangsGivesNoSign) {
  boost::asio::io_context io;
  int beats = 0;
  {
    const Heartbeat heartbeat(io.get_executor(), Millis(0), [&] { ++beats; });
    EXPECT_EQ(beats, 0);  // nothing runs the loop
  }
  io.run();
  EXPECT_EQ(beats, 0) << "after it has gone";
}

}  // namespace
}  // namespace cc::app
