#pragma once
// The one ordered path: observation → change set → commit → publish → wake. Nothing else changes
// the fleet.

#include <atomic>
#include <condition_variable>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/guarded.h"
#include "fleet/backlog.h"
#include "fleet/change_listener.h"
#include "fleet/merge.h"
#include "fleet/sink.h"
#include "fleet/state/published.h"
#include "ingest/batch.h"
#include "ingest/journal_clock.h"
#include "store/commit_listener.h"
#include "store/store.h"
#include "telemetry/log.h"
#include "telemetry/metrics.h"

namespace cc::ingest {

struct IngestOptions {
  fleet::MergeRules rules;
  /// Most observations in one transaction.
  std::size_t max_batch = 4096;
  /// Above this many queued, only the latest row per identity is kept and what cannot be folded is
  /// dropped.
  std::size_t queue_mark = 16 * 1024;
  /// How often time itself is observed (stalls, expiries), and how often retention and maintenance
  /// get a turn.
  Millis tick = std::chrono::seconds(1);
  Millis retention_period = std::chrono::days(7);
  std::uint64_t retention_bytes = std::uint64_t{2} << 30U;
};

/// Owns its thread. Everything handed in must outlive it.
class Ingest final : public fleet::ObservationSink {
 public:
  struct Parts {
    store::Store& store;
    fleet::PublishedFleet& published;
    store::CommitListener& listener;
    const Clock& clock;
    telemetry::Log& log;
    telemetry::Metrics& metrics;
    fleet::ChangeListener* changes = nullptr;  // null: nobody wants to know of rows
  };

  Ingest(Parts parts, IngestOptions options);
  ~Ingest() override;
  Ingest(const Ingest&) = delete;
  Ingest& operator=(const Ingest&) = delete;

  /// `resync` is asked to read a gateway again after something of it was dropped.
  void start(fleet::ResyncRequests& resync);
  /// Takes what is queued, commits it, and ends the thread. What comes later is acknowledged with
  /// kCancelled.
  void stop();

  void submit(fleet::Observation observation, fleet::Ack ack = {}) override;

  /// Whether the last transaction worked, and the database's files still have their names.
  /// Thread-safe.
  [[nodiscard]] bool storage_works() const { return storage_works_ && files_in_place_; }
  /// How far the newest entry is dated ahead of the clock: the clock was set back, or was wrong
  /// when the entry was committed. 0 within `kClockTolerance`. Thread-safe.
  [[nodiscard]] Millis dated_ahead() const;

 private:
  /// The work of one turn of the loop.
  struct Work {
    std::vector<fleet::Waiting> items;  // its room serves every turn
    bool is_tick = false;
    bool is_last = false;
  };

  [[nodiscard]] bool enqueue(fleet::Waiting& item);

  // The writer's thread.
  void run(fleet::ResyncRequests& resync);
  void wait(Work& work);
  void note_losses(const fleet::Backlog::Losses& losses);
  void ingest(Work& work, fleet::ResyncRequests& resync);
  void fill(Batch& batch, const Work& work, TimeMs now) const;
  [[nodiscard]] Result<void> write(Batch& batch, TimeMs at);
  [[nodiscard]] Result<void> note_age();
  void publish(const Batch& batch, TimeMs at, fleet::ResyncRequests& resync);
  void listen(SteadyTime now);
  void ask_again(const Batch& batch, fleet::ResyncRequests& resync) const;
  void note_left_out(const Batch& batch, fleet::ResyncRequests& resync);
  void look_for_room(fleet::ResyncRequests& resync);
  void recover(fleet::ResyncRequests& resync);
  void give_up(const Work& work, const Error& error);
  void keep_report(const fleet::Observation& report);
  void maintain();
  void look_at_files();
  void look_at_clock();
  void tell_of_dates_ahead();
  void trim();

  const Parts parts_;
  const IngestOptions options_;

  Mutex mutex_;
  std::condition_variable wakeup_;
  fleet::Backlog queue_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;

  // The writer's thread alone:
  std::set<std::string> lost_;      // gateways of which something was not kept
  std::set<std::string> too_many_;  // gateways of which more is left out than comes
  std::vector<fleet::Observation> unsaved_reports_;
  JournalClock journal_clock_;
  /// Goes on while this process runs and only then: a machine that slept, or a process that was
  /// stopped, heard nothing. The clock on the wall may be set.
  Millis listened_{0};
  SteadyTime listened_until_;
  SteadyTime next_tick_;
  SteadyTime next_trim_;
  std::size_t entries_added_ = 0;  // by the latest commit
  bool trim_is_behind_ = false;    // more waits to be removed than one turn may take

  std::atomic<bool> storage_works_{true};
  std::atomic<bool> files_in_place_{true};
  std::thread thread_;
};

}  // namespace cc::ingest
