#include "app/supervisor.h"

#include <algorithm>
#include <cstddef>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/number.h"
#include "files/descriptor.h"

namespace cc::app {
namespace {

std::string_view value_of(const Environment& environment, std::string_view name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string_view() : std::string_view(found->second);
}

// A process that we were started by may have left us the variables that were meant for itself.
bool is_for_us(std::string_view pid) {
  return pid.empty() || number_in<pid_t>(pid) == ::getpid();
}

std::optional<Millis> patience_in(const Environment& environment) {
  const auto limit = number_in<long long>(value_of(environment, "WATCHDOG_USEC"));
  if (!limit || *limit <= 0 || !is_for_us(value_of(environment, "WATCHDOG_PID"))) {
    return std::nullopt;
  }
  return std::chrono::ceil<Millis>(std::chrono::microseconds(*limit));
}

}  // namespace

Supervisor::Supervisor(const Environment& environment)
    : socket_(value_of(environment, "NOTIFY_SOCKET")), patience_(patience_in(environment)) {}

void Supervisor::tell(std::string_view line) const {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_.empty() || socket_.size() >= sizeof address.sun_path) return;
  std::ranges::copy(socket_, address.sun_path);
  if (socket_.front() == '@') address.sun_path[0] = '\0';  // an abstract name
  const files::Descriptor out(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  (void)::sendto(out.get(), line.data(), line.size(), MSG_NOSIGNAL,
                 reinterpret_cast<const sockaddr*>(&address), size);
}

}  // namespace cc::app
