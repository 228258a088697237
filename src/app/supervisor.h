#pragma once
// Tells the service manager that started us how we are: sd_notify(3), without its library.

#include <optional>
#include <string>
#include <string_view>

#include "app/config/sources.h"
#include "base/clock.h"

namespace cc::app {

/// Knows from the environment where it listens (`NOTIFY_SOCKET`). Where it is told nowhere, nothing
/// is said. Any thread.
class Supervisor {
 public:
  explicit Supervisor(const Environment& environment);

  /// One line, `READY=1`. Never blocks; what cannot be delivered is lost.
  void tell(std::string_view line) const;
  /// How long it waits for a sign of life before it kills us (`WATCHDOG_USEC`). Empty: for ever.
  [[nodiscard]] std::optional<Millis> patience() const { return patience_; }

 private:
  std::string socket_;
  std::optional<Millis> patience_;
};

}  // namespace cc::app
