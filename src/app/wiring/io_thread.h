#pragma once
// One event loop and the thread that runs it.

#include <functional>
#include <memory>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "base/clock.h"
#include "telemetry/log.h"

namespace cc::app {

/// Runs from construction on. What lives on it must be stopped before it is: `stop` drops what is
/// still queued.
class IoThread {
 public:
  /// `name` is for the log and for the system's list of threads (at most 15 characters).
  IoThread(std::string name, telemetry::Log& log);
  ~IoThread();
  IoThread(const IoThread&) = delete;
  IoThread& operator=(const IoThread&) = delete;

  [[nodiscard]] boost::asio::any_io_executor executor() { return io_.get_executor(); }

  /// Runs `task` on the thread and waits until it calls `done`, from any thread, or `limit` has
  /// passed (false). Not to be called on the thread itself.
  using Task = std::function<void(std::function<void()> done)>;
  bool finish(const Task& task, Millis limit);

  /// Ends the loop and the thread. Calling it twice is harmless.
  void stop();

 private:
  void run();

  const std::string name_;
  telemetry::Log& log_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      io_.get_executor()};
  std::jthread thread_;
};

}  // namespace cc::app
