#pragma once
// A sign of life of one thread: it is given on that thread, so a thread that hangs gives none.

#include <functional>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "base/clock.h"

namespace cc::app {

/// Calls `heart` at once and then every `interval`, on the executor's thread, until this goes or
/// the thread ends.
class Heartbeat {
 public:
  Heartbeat(const boost::asio::any_io_executor& executor, Millis interval,
            std::function<void()> heart);
  ~Heartbeat();
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;

 private:
  struct Pulse;
  std::shared_ptr<Pulse> pulse_;
};

}  // namespace cc::app
