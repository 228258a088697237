#include "workers/worker_pool.h"

#include <exception>

#include <pthread.h>

namespace cc::workers {
namespace {

double seconds_between(SteadyTime from, SteadyTime to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

WorkerPool::WorkerPool(Parts parts, WorkerOptions options)
    : parts_(parts),
      most_waiting_(options.waiting),
      journal_(parts.store),
      lanes_(options.waiting_per_lane) {
  for (std::size_t i = 0; i < options.threads; ++i) {
    threads_.emplace_back([this](const std::stop_token& stop) { run(stop); });
    const auto name = "worker-" + std::to_string(i + 1);
    ::pthread_setname_np(threads_.back().native_handle(), name.c_str());
  }
}

WorkerPool::~WorkerPool() {
  stop();
}

bool WorkerPool::submit(Task task) {
  {
    const MutexLock lock(mutex_);
    const std::string lane = task.lane;
    if (stopped_ || !lanes_.push(lane, {std::move(task), parts_.clock.steady()})) {
      parts_.metrics.task_refused();
      return false;
    }
    report_waiting();
  }
  more_.notify_one();
  return true;
}

bool WorkerPool::is_full() {
  const MutexLock lock(mutex_);
  return lanes_.size() >= most_waiting_;
}

void WorkerPool::stop() {
  {
    const MutexLock lock(mutex_);
    stopped_ = true;
  }
  for (auto& thread : threads_) thread.request_stop();
  threads_.clear();
  while (auto waiting = pop()) end(*std::move(waiting), End::kDropped);
}

bool WorkerPool::run_one() {
  auto waiting = pop();
  if (!waiting) return false;
  take_turn(*std::move(waiting), journal_);
  return true;
}

std::optional<WorkerPool::Waiting> WorkerPool::pop() {
  const MutexLock lock(mutex_);
  auto waiting = lanes_.pop();
  report_waiting();
  return waiting;
}

void WorkerPool::run(const std::stop_token& stop) {
  JournalHandle journal(parts_.store);
  while (auto waiting = wait_for_task(stop)) take_turn(*std::move(waiting), journal);
}

std::optional<WorkerPool::Waiting> WorkerPool::wait_for_task(const std::stop_token& stop) {
  MutexLock lock(mutex_);
  more_.wait(lock.for_condition(), stop, [this]() REQUIRES(mutex_) { return !lanes_.empty(); });
  if (stop.stop_requested()) return std::nullopt;
  auto waiting = lanes_.pop();
  report_waiting();
  return waiting;
}

void WorkerPool::take_turn(Waiting waiting, store::JournalReader& journal) {
  parts_.metrics.tasks_running(1);
  const auto ended = run_turn(waiting.task, journal);
  parts_.metrics.tasks_running(-1);
  if (ended) return end(std::move(waiting), *ended);
  put_back(std::move(waiting));
}

/// Empty if the task has more turns.
std::optional<End> WorkerPool::run_turn(const Task& task, store::JournalReader& journal) {
  if (task.stop.stop_requested()) return End::kDropped;
  try {
    if (task.turn(journal) == Progress::kGoesOn) return std::nullopt;
    return End::kDone;
  } catch (const std::exception& bug) {
    parts_.log.error("a task failed in a way that it should not", {{"what", bug.what()}});
    return End::kDropped;
  }
}

void WorkerPool::put_back(Waiting waiting) {
  {
    const MutexLock lock(mutex_);
    const std::string lane = waiting.task.lane;
    lanes_.put_back(lane, std::move(waiting));
    report_waiting();
  }
  more_.notify_one();
}

void WorkerPool::end(Waiting waiting, End how) {
  parts_.metrics.task_ended(seconds_between(waiting.since, parts_.clock.steady()));
  waiting.task.turn = nullptr;
  waiting.task.ended(how);
}

void WorkerPool::report_waiting() {
  parts_.metrics.tasks_waiting(lanes_.size());
}

}  // namespace cc::workers
