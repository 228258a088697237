#include "app/wiring/backup_thread.h"

#include <utility>

#include <boost/asio/post.hpp>
#include <sys/resource.h>
#include <unistd.h>

namespace cc::app {
namespace {

constexpr Millis kGiveUpLimit{2'000};
constexpr int kYielding = 10;

/// On Linux a thread has a niceness of its own. Without it a copy would still be whole.
void yield_to_others() {
  (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kYielding);
}

}  // namespace

BackupThread::BackupThread(store::Store& store, telemetry::Log& log)
    : store_(store), thread_("backup", log) {
  boost::asio::post(thread_.executor(), yield_to_others);
}

void BackupThread::back_up(std::filesystem::path file, Done done) {
  boost::asio::post(thread_.executor(), [this, file = std::move(file), done = std::move(done)] {
    done(store_.back_up(file, {.stop = stop_.get_token()}));
  });
}

void BackupThread::stop() {
  stop_.request_stop();
  // Behind all that were asked for before.
  (void)thread_.finish([](const auto& given_up) { given_up(); }, kGiveUpLimit);
  thread_.stop();
}

}  // namespace cc::app
