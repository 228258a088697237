#include "ingest/ingest.h"

#include <condition_variable>
#include <set>

#include <pthread.h>

#include "base/guarded.h"
#include "fleet/backlog.h"
#include "ingest/batch.h"

namespace cc::ingest {
namespace {

constexpr std::size_t kTrimChunk = 2'000;
constexpr Millis kTrimEvery{10'000};

fleet::Observation gap_of(const std::string& gateway, TimeMs at) {
  return {
      .gateway = gateway,
      .source = fleet::Source::kSystem,
      .at = at,
      .what = fleet::GapReport{.detail = "Control Center could not keep what the gateway said."}};
}

}  // namespace

class Ingest::Impl {
 public:
  Impl(Parts parts, IngestOptions options)
      : parts_(parts), options_(options), queue_(options.queue_mark) {
    last_at_ = parts_.store.position().last_at;
  }

  ~Impl() { stop(); }

  void on_dropped(fleet::ResyncRequests& resync) { resync_ = &resync; }

  void start() {
    next_tick_ = parts_.clock.steady() + options_.tick;
    next_trim_ = parts_.clock.steady();
    thread_ = std::thread([this] {
      ::pthread_setname_np(::pthread_self(), "ingest");
      run();
    });
  }

  void stop() {
    {
      const MutexLock lock(mutex_);
      stopping_ = true;
    }
    wakeup_.notify_one();
    if (thread_.joinable()) thread_.join();
  }

  void submit(fleet::Waiting item) {
    if (enqueue(item)) {
      wakeup_.notify_one();
    } else if (item.settled) {
      item.settled(fail(ErrorCode::kCancelled, "Control Center is stopping"));
    }
  }

  [[nodiscard]] bool storage_works() const { return storage_works_; }

 private:
  /// False if the queue is closed; the item is unchanged then.
  [[nodiscard]] bool enqueue(fleet::Waiting& item) {
    const MutexLock lock(mutex_);
    if (stopping_) return false;
    queue_.push(std::move(item));
    return true;
  }

  /// The work of one turn of the loop.
  struct Work {
    std::vector<fleet::Waiting> items;  // its room serves every turn
    bool is_tick = false;
    bool is_last = false;
  };

  void run() {
    for (Work work; !work.is_last;) {
      wait(work);
      ingest(work);
      if (work.is_tick || trim_is_behind_) trim();
      // Given back outside of the lock, and before the next ones are waited for.
      work.items.clear();
    }
  }

  void wait(Work& work) {
    MutexLock lock(mutex_);
    const auto has_work = [this]() REQUIRES(mutex_) { return !queue_.empty() || stopping_; };
    const auto is_stopping = [this]() REQUIRES(mutex_) { return stopping_; };
    // A failed disk gets a moment before the next try; what arrives meanwhile is folded in the
    // queue.
    if (!storage_works_) wakeup_.wait_for(lock.for_condition(), options_.tick, is_stopping);
    if (!trim_is_behind_) wakeup_.wait_for(lock.for_condition(), options_.tick, has_work);
    queue_.take(options_.max_batch, work.items);
    work.is_last = stopping_ && queue_.empty();
    parts_.metrics.queue_depth(queue_.size());
    note_losses(queue_.take_losses());
    const SteadyTime now = parts_.clock.steady();
    work.is_tick = now >= next_tick_;
    if (work.is_tick) next_tick_ = now + options_.tick;
  }

  void note_losses(const fleet::Backlog::Losses& losses) {
    if (losses.observations == 0) return;
    parts_.metrics.observations_dropped(losses.observations);
    lost_.insert(losses.gateways.begin(), losses.gateways.end());
  }

  void ingest(Work& work) {
    const TimeMs now = parts_.clock.wall();
    Batch batch(parts_.published.for_writer(), options_.rules);
    for (const auto& gateway : lost_) batch.add(gap_of(gateway, now));
    for (const auto& report : unsaved_reports_) batch.add(report);
    for (const auto& item : work.items) batch.add(item.observation);
    if (work.is_tick) batch.add_time(now);

    const SteadyTime before = parts_.clock.steady();
    const TimeMs at =
        std::max(now, last_at_);  // never goes back, whatever the machine's clock does
    const Result<void> written = batch.write(parts_.store, at);
    if (written) {
      last_at_ = at;
      publish(batch, at, parts_.clock.steady() - before);
    } else {
      give_up(work, written.error());
    }
    for (auto& item : work.items) {
      if (item.settled) item.settled(written);
    }
  }

  void publish(const Batch& batch, TimeMs at, std::chrono::steady_clock::duration took) {
    if (batch.changes_nothing()) return;
    const auto& entries = batch.entries();
    entries_added_ = entries.size();
    std::optional<Cursor> stands;
    parts_.published.write([&](fleet::Fleet& fleet, Cursor& head) {
      for (const auto& changes : batch.changes()) fleet.apply(*changes);
      if (entries.empty()) return;
      head.seq = entries.back().seq;
      parts_.listener.committed(entries, head.epoch);
      stands = head;
    });
    if (!stands) return;
    parts_.listener.wake();
    if (parts_.changes != nullptr) parts_.changes->published(batch.changes(), at, *stands);
    parts_.metrics.committed(entries.size(), batch.rows_written(),
                             std::chrono::duration<double>(took).count());
    recover();
    maintain();
  }

  void recover() {
    if (!storage_works_.exchange(true)) parts_.log.info("the database works again");
    unsaved_reports_.clear();
    if (resync_ != nullptr) {
      for (const auto& gateway : lost_) resync_->request_resync(gateway, "events were lost here");
    }
    lost_.clear();
  }

  /// The whole batch failed. What gateways said is requested again when the disk works. Connection
  /// reports are kept, because nobody would repeat them.
  void give_up(const Work& work, const Error& error) {
    parts_.metrics.commit_failed();
    if (storage_works_.exchange(false)) {
      parts_.log.error("the database cannot be written; nothing is published until it can",
                       {{"why", error.message}});
    }
    for (const auto& item : work.items) {
      const auto& seen = item.observation;
      if (seen.source != fleet::Source::kSystem && !seen.gateway.empty())
        lost_.insert(seen.gateway);
      if (!item.settled && std::holds_alternative<fleet::ConnectionReport>(seen.what))
        keep_report(seen);
    }
  }

  void keep_report(const fleet::Observation& report) {
    std::erase_if(unsaved_reports_,
                  [&](const auto& held) { return held.gateway == report.gateway; });
    unsaved_reports_.push_back(report);
  }

  void maintain() {
    if (auto done = parts_.store.maintain(); !done) {
      parts_.log.warn("the database's housekeeping failed", {{"why", done.error().message}});
    }
  }

  /// Removes some old entries between two commits; after each commit, while more are left. It
  /// removes twice as many as a commit adds, so that it catches up.
  void trim() {
    const SteadyTime now = parts_.clock.steady();
    if (now < next_trim_) return;
    const store::Retention retention{
        .keep_since = parts_.clock.wall() - options_.retention_period.count(),
        .keep_bytes = options_.retention_bytes};
    const std::size_t chunk = std::max(kTrimChunk, 2 * entries_added_);
    const auto trimmed = parts_.store.trim(retention, chunk);
    if (!trimmed) {
      parts_.log.warn("old journal entries could not be removed",
                      {{"why", trimmed.error().message}});
    } else if (*trimmed > 0) {
      parts_.metrics.journal_trimmed(*trimmed);
    }
    trim_is_behind_ = trimmed && *trimmed == chunk;
    next_trim_ = trim_is_behind_ ? now : now + kTrimEvery;
  }

  Parts parts_;
  const IngestOptions options_;
  fleet::ResyncRequests* resync_ = nullptr;

  Mutex mutex_;
  std::condition_variable wakeup_;
  fleet::Backlog queue_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;

  // The writer's thread alone:
  std::set<std::string> lost_;  // gateways of which something was not kept
  std::vector<fleet::Observation> unsaved_reports_;
  TimeMs last_at_ = 0;
  SteadyTime next_tick_;
  SteadyTime next_trim_;
  std::size_t entries_added_ = 0;  // by the latest commit
  bool trim_is_behind_ = false;    // more waits to be removed than one turn may take

  std::atomic<bool> storage_works_{true};
  std::thread thread_;
};

Ingest::Ingest(Parts parts, IngestOptions options)
    : impl_(std::make_unique<Impl>(parts, options)) {}
Ingest::~Ingest() = default;

void Ingest::on_dropped(fleet::ResyncRequests& resync) {
  impl_->on_dropped(resync);
}
void Ingest::start() {
  impl_->start();
}
void Ingest::stop() {
  impl_->stop();
}

void Ingest::submit(fleet::Observation observation, fleet::Settled settled) {
  impl_->submit({std::move(observation), std::move(settled)});
}

bool Ingest::storage_works() const {
  return impl_->storage_works();
}

}  // namespace cc::ingest
