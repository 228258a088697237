#pragma once
// A thread that runs the sources of events.

#include <future>
#include <memory>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "bench/load/sockets.h"

namespace cc::bench {

class SourceThread {
 public:
  /// `cpu`: as in run_on_cpu.
  explicit SourceThread(int cpu)
      : thread_([this, cpu] {
          run_on_cpu(cpu);
          io_.run();
        }) {}
  ~SourceThread() {
    io_.stop();
    thread_.join();
  }
  SourceThread(const SourceThread&) = delete;
  SourceThread& operator=(const SourceThread&) = delete;

  [[nodiscard]] boost::asio::io_context& io() { return io_; }

  /// Does `work` on the thread and waits for what it returns or throws.
  template <class Work>
  auto run(Work work) {
    std::packaged_task<decltype(work())()> task(std::move(work));
    auto done = task.get_future();
    boost::asio::post(io_, [&task] { task(); });
    return done.get();
  }

  /// Waits until what was posted before is done.
  void drain() {
    run([] {});
  }

 private:
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      io_.get_executor()};
  std::thread thread_;
};

}  // namespace cc::bench
