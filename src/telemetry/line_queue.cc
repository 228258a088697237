#include "telemetry/line_queue.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include <poll.h>
#include <unistd.h>

namespace cc::telemetry {
namespace {

/// A pipe that is ready takes so much without making us wait.
constexpr std::size_t kPiece = PIPE_BUF;

bool wait_until_taken(int descriptor) {
  pollfd ready{.fd = descriptor, .events = POLLOUT, .revents = 0};
  while (::poll(&ready, 1, -1) < 0) {
    if (errno != EINTR) return false;
  }
  return (ready.revents & POLLOUT) != 0;
}

/// False: nobody will ever take it.
bool write_all(int descriptor, std::string_view line) {
  while (!line.empty()) {
    if (!wait_until_taken(descriptor)) return false;
    const auto size = ::write(descriptor, line.data(), std::min(line.size(), kPiece));
    if (size < 0 && errno != EINTR && errno != EAGAIN) return false;
    if (size > 0) line.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

}  // namespace

class LineQueue::State {
 public:
  State(int descriptor, TellDropped tell, Limits limits)
      : descriptor_(descriptor), tell_(std::move(tell)), limits_(limits) {}

  void push(std::string line) {
    {
      const std::scoped_lock lock(mutex_);
      if (bytes_ + line.size() > limits_.bytes) {
        ++dropped_;
        return;
      }
      bytes_ += line.size();
      lines_.push_back(std::move(line));
    }
    changed_.notify_all();
  }

  [[nodiscard]] std::uint64_t dropped() const {
    const std::scoped_lock lock(mutex_);
    return dropped_;
  }

  void run() {
    while (auto line = next()) {
      const bool written = write_all(descriptor_, *line);
      const std::scoped_lock lock(mutex_);
      bytes_ -= held_;
      if (!written) count_unwritable();
    }
  }

  /// No further lines; waits for the thread, but not for ever.
  void end() {
    std::unique_lock lock(mutex_);
    ending_ = true;
    changed_.notify_all();
    changed_.wait_for(lock, std::chrono::milliseconds(limits_.farewell_ms),
                      [this] { return ended_; });
    tell_ = {};  // it may belong to somebody who goes now
  }

 private:
  /// There is nobody to tell of it.
  void count_unwritable() {
    ++dropped_;
    ++told_;
  }

  /// What was dropped is told as soon as a line got through.
  std::optional<std::string> next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ending_ || !lines_.empty() || dropped_ > told_; });
    held_ = 0;
    if (lines_.empty() && dropped_ > told_ && tell_) {
      const auto lines = dropped_ - told_;
      told_ = dropped_;
      return tell_(lines);
    }
    if (lines_.empty()) {
      ended_ = true;
      changed_.notify_all();
      return std::nullopt;
    }
    std::string line = std::move(lines_.front());
    lines_.pop_front();
    held_ = line.size();
    return line;
  }

  const int descriptor_;
  TellDropped tell_;
  const Limits limits_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> lines_;
  std::size_t bytes_ = 0;  // of `lines_` and of the one that is being written
  std::size_t held_ = 0;   // by the one that is being written
  std::uint64_t dropped_ = 0;
  std::uint64_t told_ = 0;  // of those
  bool ending_ = false;
  bool ended_ = false;
};

LineQueue::LineQueue(int descriptor, TellDropped tell, Limits limits)
    : state_(std::make_shared<State>(descriptor, std::move(tell), limits)) {
  // Not joined: a write that nobody takes can only be left behind.
  std::thread([state = state_] { state->run(); }).detach();
}

LineQueue::~LineQueue() {
  state_->end();
}

void LineQueue::push(std::string line) {
  state_->push(std::move(line));
}

std::uint64_t LineQueue::dropped() const {
  return state_->dropped();
}

}  // namespace cc::telemetry
