#include "app/wiring/heartbeat.h"

#include <atomic>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace cc::app {

/// Touched by the executor's thread alone, but for `over`.
struct Heartbeat::Pulse : std::enable_shared_from_this<Pulse> {
  Pulse(const boost::asio::any_io_executor& executor, Millis every, std::function<void()> call)
      : timer(executor), interval(every), heart(std::move(call)) {}

  void beat() {
    if (over) return;
    heart();
    timer.expires_after(interval);
    timer.async_wait([self = shared_from_this()](const auto& error) {
      if (!error) self->beat();
    });
  }

  boost::asio::steady_timer timer;
  const Millis interval;
  const std::function<void()> heart;
  std::atomic<bool> over = false;
};

Heartbeat::Heartbeat(const boost::asio::any_io_executor& executor, Millis interval,
                     std::function<void()> heart)
    : pulse_(std::make_shared<Pulse>(executor, interval, std::move(heart))) {
  boost::asio::post(executor, [pulse = pulse_] { pulse->beat(); });
}

Heartbeat::~Heartbeat() {
  pulse_->over = true;
  boost::asio::post(pulse_->timer.get_executor(), [pulse = pulse_] { pulse->timer.cancel(); });
}

}  // namespace cc::app
