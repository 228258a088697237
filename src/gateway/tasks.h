#pragma once
// Counts the running coroutines of one link, so that it knows when none runs any more.

#include <exception>
#include <functional>
#include <memory>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>

namespace cc::gateway {

/// On one thread.
class Tasks {
 public:
  /// Whose members the tasks refer to. Each task keeps it alive while it runs.
  using Owner = std::function<std::shared_ptr<void>()>;
  Tasks(boost::asio::any_io_executor executor, Owner owner)
      : executor_(std::move(executor)), owner_(std::move(owner)) {}

  void spawn(boost::asio::awaitable<void> task) {
    ++running_;
    boost::asio::co_spawn(executor_, std::move(task),
                          [this, owner = owner_()](const std::exception_ptr& bug) {
                            if (bug) std::rethrow_exception(bug);
                            --running_;
                            check_idle();
                          });
  }

  /// Calls `idle` once, when no task runs; immediately if none does.
  void when_idle(std::function<void()> idle) {
    idle_ = std::move(idle);
    check_idle();
  }

 private:
  void check_idle() {
    if (running_ == 0 && idle_) std::exchange(idle_, {})();
  }

  boost::asio::any_io_executor executor_;
  Owner owner_;
  std::function<void()> idle_;
  int running_ = 0;
};

}  // namespace cc::gateway
