#include "app/wiring/io_thread.h"

#include <future>

#include <boost/asio/post.hpp>
#include <pthread.h>

namespace cc::app {

IoThread::IoThread(std::string name, telemetry::Log& log)
    : name_(std::move(name)), log_(log), thread_([this] { run(); }) {}

IoThread::~IoThread() {
  stop();
}

bool IoThread::finish(const Task& task, Millis limit) {
  // Shared with a `done` that may come after the limit.
  const auto finished = std::make_shared<std::promise<void>>();
  const auto called = std::make_shared<std::atomic_flag>();
  boost::asio::post(io_, [task, finished, called] {
    task([finished, called] {
      if (!called->test_and_set()) finished->set_value();
    });
  });
  return finished->get_future().wait_for(limit) == std::future_status::ready;
}

void IoThread::stop() {
  work_.reset();
  io_.stop();
  if (thread_.joinable()) thread_.join();
}

// An exception is a bug of one handler; the others go on being served.
void IoThread::run() {
  ::pthread_setname_np(::pthread_self(), name_.substr(0, 15).c_str());
  while (!io_.stopped()) {
    try {
      io_.run();
    } catch (const std::exception& error) {
      log_.error("unexpected failure", {{"thread", name_}, {"what", error.what()}});
    }
  }
}

}  // namespace cc::app
