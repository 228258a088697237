#pragma once
// A few threads for what may take a while: pages of the journal, lists, searches, files. The thread
// that serves streams hands such work over and never waits for it.
//
// Work is done in turns of a few milliseconds at most. Between two turns of a task the others have
// theirs, and a task that nobody waits for any more is dropped.

#include <condition_variable>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>

#include "base/clock.h"
#include "base/guarded.h"
#include "store/store.h"
#include "telemetry/log.h"
#include "telemetry/metrics.h"
#include "workers/journal_handle.h"
#include "workers/lanes.h"

namespace cc::workers {

enum class Progress { kDone, kGoesOn };

/// How a task ended.
enum class End {
  kDone,
  kDropped,  // its stop was asked for, the pool stops, or `turn` threw, which the log tells
};

struct Task {
  /// Who asks. Tasks of one lane begin in the order in which they came; lanes take turns.
  std::string lane;
  /// Looked at before each turn.
  std::stop_token stop;
  /// One turn, on any worker's thread; called again until it is done. The journal's reader is the
  /// worker's own and may be another one at the next turn.
  std::function<Progress(store::JournalReader& journal)> turn;
  /// Called once, on the thread that found the end: a worker's, or the one that stops the pool.
  /// What `turn` held is gone by then.
  std::function<void(End)> ended;
};

struct WorkerOptions {
  /// Two: one may wait for a disk while the other works, and on a small machine the thread of the
  /// streams still has a core. 0: nothing runs but by `run_one`.
  std::size_t threads = 2;
  /// Of one lane. With a few milliseconds each, the last of them waits for about a second.
  std::size_t waiting_per_lane = 256;
  /// Of all lanes together, from which on the pool calls itself full.
  std::size_t waiting = 4096;
};

/// `submit` from any thread. What tasks use must outlive the pool, or the call of `stop`.
class WorkerPool {
 public:
  struct Parts {
    store::Store& store;
    const Clock& clock;
    telemetry::Log& log;
    telemetry::Metrics& metrics;
  };

  WorkerPool(Parts parts, WorkerOptions options);
  /// As `stop`.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// False: too many of its lane wait, or the pool has stopped; nothing of the task is called.
  [[nodiscard]] bool submit(Task task);
  /// So much waits that it should get nothing that can be refused. `submit` takes it all the same.
  [[nodiscard]] bool is_full();

  /// Drops what waits and what is between two turns; returns once no task runs any more. Calling it
  /// twice is harmless. Not from within a task.
  void stop();

  /// One turn of one task, on the calling thread; false where none waits. For tests.
  bool run_one();

 private:
  struct Waiting {
    Task task;
    SteadyTime since;
  };

  void run(const std::stop_token& stop);
  [[nodiscard]] std::optional<Waiting> pop();
  [[nodiscard]] std::optional<Waiting> wait_for_task(const std::stop_token& stop);
  void take_turn(Waiting waiting, store::JournalReader& journal);
  [[nodiscard]] std::optional<End> run_turn(const Task& task, store::JournalReader& journal);
  void put_back(Waiting waiting);
  void end(Waiting waiting, End how);
  void report_waiting() REQUIRES(mutex_);

  const Parts parts_;
  const std::size_t most_waiting_;
  JournalHandle journal_;  // of `run_one`

  Mutex mutex_;
  std::condition_variable_any more_;
  Lanes<Waiting> lanes_ GUARDED_BY(mutex_);
  bool stopped_ GUARDED_BY(mutex_) = false;

  std::vector<std::jthread> threads_;
};

/// Work that is done in one turn: its value arrives on `executor`, or nothing where it was dropped.
/// False, and no call: as `submit`.
template <class Work, class Done>
[[nodiscard]] bool run_on(WorkerPool& pool, std::string lane, std::stop_token stop, Work work,
                          boost::asio::any_io_executor executor, Done done) {
  using Value = std::invoke_result_t<Work&, store::JournalReader&>;
  const auto value = std::make_shared<std::optional<Value>>();
  return pool.submit(
      {.lane = std::move(lane),
       .stop = std::move(stop),
       .turn =
           [value, work = std::move(work)](store::JournalReader& journal) mutable {
             value->emplace(work(journal));
             return Progress::kDone;
           },
       .ended =
           [value, executor = std::move(executor), done = std::move(done)](End) mutable {
             boost::asio::post(
                 executor, [value, done = std::move(done)]() mutable { done(std::move(*value)); });
           }});
}

}  // namespace cc::workers
