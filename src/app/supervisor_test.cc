#include "app/supervisor.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "files/descriptor.h"
#include "files/testing/scratch.h"

namespace cc::app {
namespace {

/// What systemd listens on.
class Listener {
 public:
  explicit Listener(const std::string& name)
      : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::ranges::copy(name, address.sun_path);
    if (name.front() == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), size), 0);
  }

  std::string heard() const {
    std::array<char, 64> text{};
    const auto size = ::recv(socket_.get(), text.data(), text.size(), 0);
    return size < 0 ? "nothing" : std::string(text.data(), static_cast<std::size_t>(size));
  }

 private:
  files::Descriptor socket_;
};

Supervisor supervisor_in(const Environment& environment) {
  return Supervisor(environment);
}

TEST(Supervisor, IsToldOnItsSocket) {
  const files::testing::ScratchFolder scratch;
  const auto name = (scratch / "notify").string();
  const Listener listener(name);
  supervisor_in({{"NOTIFY_SOCKET", name}}).tell("READY=1");
  EXPECT_EQ(listener.heard(), "READY=1");
  EXPECT_EQ(listener.heard(), "nothing");
}

TEST(Supervisor, IsToldOnASocketWithoutAFile) {
  const auto name = "@cc-supervisor-test-" + std::to_string(::getpid());
  const Listener listener(name);
  supervisor_in({{"NOTIFY_SOCKET", name}}).tell("WATCHDOG=1");
  EXPECT_EQ(listener.heard(), "WATCHDOG=1");
}

TEST(Supervisor, NobodyThereHarmsNothing) {
  supervisor_in({}).tell("READY=1");
  supervisor_in({{"NOTIFY_SOCKET", "/nowhere/at/all"}}).tell("READY=1");
  supervisor_in({{"NOTIFY_SOCKET", std::string(200, 'x')}}).tell("READY=1");
}

TEST(Supervisor, ItsPatienceIsReadWhereItIsMeantForUs) {
  EXPECT_EQ(supervisor_in({{"WATCHDOG_USEC", "30000000"}}).patience(), Millis(30'000));
  const auto us = std::to_string(::getpid());
  EXPECT_EQ(supervisor_in({{"WATCHDOG_USEC", "1500"}, {"WATCHDOG_PID", us}}).patience(), Millis(2));
  for (const auto* none : {"", "0", "-1", "soon", "99999999999999999999"}) {
    EXPECT_FALSE(supervisor_in({{"WATCHDOG_USEC", none}}).patience()) << none;
  }
  EXPECT_FALSE(supervisor_in({{"WATCHDOG_USEC", "1000"}, {"WATCHDOG_PID", "1"}}).patience());
  EXPECT_FALSE(supervisor_in({}).patience());
}

}  // namespace
}  // namespace cc::app
