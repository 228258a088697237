#include "ingest/ingest.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <pthread.h>

#include "base/date.h"

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

fleet::Observation too_much_of(const std::string& gateway, TimeMs at) {
  return {
      .gateway = gateway, .source = fleet::Source::kSystem, .at = at, .what = fleet::TooMuchKept{}};
}

}  // namespace

Ingest::Ingest(Parts parts, IngestOptions options)
    : parts_(parts),
      options_(options),
      queue_(options_.queue_mark),
      journal_clock_(parts_.clock, parts_.store.position().last_at, parts_.store.noted_age()) {}

Ingest::~Ingest() {
  stop();
}

void Ingest::start(fleet::ResyncRequests& resync) {
  next_tick_ = parts_.clock.steady() + options_.tick;
  next_trim_ = listened_until_ = parts_.clock.steady();
  thread_ = std::thread([this, &resync] {
    ::pthread_setname_np(::pthread_self(), "ingest");
    run(resync);
  });
}

void Ingest::stop() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
  }
  wakeup_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Ingest::submit(fleet::Observation observation, fleet::Ack ack) {
  fleet::Waiting item{std::move(observation), std::move(ack)};
  if (enqueue(item)) {
    wakeup_.notify_one();
  } else if (item.ack) {
    item.ack(fail(ErrorCode::kCancelled, "Control Center is stopping"));
  }
}

/// False if the queue is closed; the item is unchanged then.
bool Ingest::enqueue(fleet::Waiting& item) {
  const MutexLock lock(mutex_);
  if (stopping_) return false;
  queue_.push(std::move(item));
  return true;
}

void Ingest::run(fleet::ResyncRequests& resync) {
  tell_of_dates_ahead();
  for (Work work; !work.is_last;) {
    wait(work);
    ingest(work, resync);
    if (work.is_tick) {
      look_at_files();
      look_at_clock();
      look_for_room(resync);
    }
    if (work.is_tick || trim_is_behind_) trim();
    // Given back outside of the lock, and before the next ones are waited for.
    work.items.clear();
  }
}

void Ingest::wait(Work& work) {
  MutexLock lock(mutex_);
  const auto has_work = [this]() REQUIRES(mutex_) { return !queue_.empty() || stopping_; };
  const auto is_stopping = [this]() REQUIRES(mutex_) { return stopping_; };
  // A failed disk gets a moment before the next try; what arrives meanwhile is folded in the queue.
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

void Ingest::note_losses(const fleet::Backlog::Losses& losses) {
  if (losses.observations == 0) return;
  parts_.metrics.observations_dropped(losses.observations);
  lost_.insert(losses.gateways.begin(), losses.gateways.end());
}

void Ingest::ingest(Work& work, fleet::ResyncRequests& resync) {
  const TimeMs now = parts_.clock.wall();
  listen(parts_.clock.steady());
  Batch batch(parts_.published.for_writer(), options_.rules);
  fill(batch, work, now);
  const TimeMs at = journal_clock_.stamp(now);
  const auto written = write(batch, at);
  if (written) {
    publish(batch, at, resync);
    ask_again(batch, resync);
    note_left_out(batch, resync);
  } else {
    give_up(work, written.error());
  }
  for (auto& item : work.items) {
    if (item.ack) item.ack(written);
  }
}

void Ingest::fill(Batch& batch, const Work& work, TimeMs now) const {
  for (const auto& gateway : lost_) batch.add(gap_of(gateway, now), listened_);
  for (const auto& report : unsaved_reports_) batch.add(report, listened_);
  for (const auto& item : work.items) batch.add(item.observation, listened_);
  for (const auto& [name, shard] : parts_.published.for_writer().shards()) {
    if (shard.usage().exceeds(fleet::kTooMuch)) batch.add(too_much_of(name, now), listened_);
  }
  if (work.is_tick) batch.add_time(now, listened_);
}

/// A turn comes at every tick. What is longer was a standstill, in which nothing was heard.
void Ingest::listen(SteadyTime now) {
  const auto passed = std::chrono::floor<Millis>(now - listened_until_);
  listened_ += std::min(passed, 2 * options_.tick);
  listened_until_ += passed;
}

void Ingest::ask_again(const Batch& batch, fleet::ResyncRequests& resync) const {
  for (const auto& changes : batch.changes()) {
    for (const auto& session : changes->doubted) resync.request_check(changes->gateway, session);
  }
}

void Ingest::note_left_out(const Batch& batch, fleet::ResyncRequests& resync) {
  for (const auto& changes : batch.changes()) {
    if (changes->left_out == 0 || !too_many_.insert(changes->gateway).second) continue;
    parts_.log.warn("a gateway has more than is kept of one; its oldest idle sessions are left out",
                    {{"gateway", changes->gateway}});
    resync.has_too_many(changes->gateway, true);
  }
}

void Ingest::look_for_room(fleet::ResyncRequests& resync) {
  std::erase_if(too_many_, [&](const std::string& gateway) {
    if (parts_.published.for_writer().usage(gateway).exceeds(fleet::kSomeRoom)) return false;
    parts_.log.info("there is room again for all of a gateway", {{"gateway", gateway}});
    resync.has_too_many(gateway, false);
    resync.request_resync(gateway, "there is room again");
    return true;
  });
}

Result<void> Ingest::write(Batch& batch, TimeMs at) {
  const SteadyTime before = parts_.clock.steady();
  if (auto noted = note_age(); !noted) return noted;
  auto written = batch.write(parts_.store, at);
  if (!written) return written;
  journal_clock_.stamped(at);
  const std::chrono::duration<double> took = parts_.clock.steady() - before;
  if (!batch.entries().empty()) {
    parts_.metrics.committed(batch.entries().size(), batch.rows_written(), took.count());
  }
  return written;
}

Result<void> Ingest::note_age() {
  const auto age = journal_clock_.to_note();
  if (!age) return {};
  auto noted = parts_.store.note_age(*age);
  if (noted) journal_clock_.noted(*age);
  return noted;
}

void Ingest::publish(const Batch& batch, TimeMs at, fleet::ResyncRequests& resync) {
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
  recover(resync);
  maintain();
}

void Ingest::recover(fleet::ResyncRequests& resync) {
  if (!storage_works_.exchange(true)) parts_.log.info("the database works again");
  unsaved_reports_.clear();
  for (const auto& gateway : lost_) resync.request_resync(gateway, "events were lost here");
  lost_.clear();
}

/// The whole batch failed. What gateways said is requested again when the disk works. Connection
/// reports are kept, because nobody would repeat them.
void Ingest::give_up(const Work& work, const Error& error) {
  parts_.metrics.commit_failed();
  if (storage_works_.exchange(false)) {
    parts_.log.error("the database cannot be written; nothing is published until it can",
                     {{"why", error.message}});
  }
  for (const auto& item : work.items) {
    const auto& seen = item.observation;
    if (seen.source != fleet::Source::kSystem && !seen.gateway.empty()) lost_.insert(seen.gateway);
    if (!item.ack && std::holds_alternative<fleet::ConnectionReport>(seen.what)) keep_report(seen);
  }
}

void Ingest::keep_report(const fleet::Observation& report) {
  std::erase_if(unsaved_reports_, [&](const auto& held) { return held.gateway == report.gateway; });
  unsaved_reports_.push_back(report);
}

void Ingest::maintain() {
  if (auto done = parts_.store.maintain(); !done) {
    parts_.log.warn("the database's housekeeping failed", {{"why", done.error().message}});
  }
}

/// A quiet fleet commits nothing that would notice it.
void Ingest::look_at_files() {
  const auto checked = parts_.store.check_files();
  const bool were = files_in_place_.exchange(checked.has_value());
  if (!checked && were) {
    parts_.log.error("the database is not where it was; nothing is published until it is",
                     {{"why", checked.error().message}});
  }
  if (checked && !were) parts_.log.info("the database works again");
}

void Ingest::look_at_clock() {
  const auto jump = journal_clock_.jump();
  if (!jump) return;
  parts_.log.warn("the machine's clock was set, or the machine slept",
                  {{"moved_by", duration_text(*jump)}});
  tell_of_dates_ahead();
}

void Ingest::tell_of_dates_ahead() {
  const auto ahead = dated_ahead();
  if (ahead == Millis(0)) return;
  parts_.log.warn("entries are dated ahead of the clock until it has passed them",
                  {{"ahead", duration_text(ahead)}});
}

Millis Ingest::dated_ahead() const {
  const Millis ahead(parts_.store.position().last_at - parts_.clock.wall());
  return ahead > kClockTolerance ? ahead : Millis(0);
}

/// Removes some old entries between two commits; after each commit, while more are left. It removes
/// twice as many as a commit adds, so that it catches up.
void Ingest::trim() {
  const SteadyTime now = parts_.clock.steady();
  if (now < next_trim_) return;
  const store::Retention retention{
      .keep_since = journal_clock_.retention_now() - options_.retention_period.count(),
      .keep_bytes = options_.retention_bytes};
  const std::size_t chunk = std::max(kTrimChunk, 2 * entries_added_);
  const auto trimmed = parts_.store.trim(retention, chunk);
  if (!trimmed) {
    parts_.log.warn("old journal entries could not be removed", {{"why", trimmed.error().message}});
  } else if (*trimmed > 0) {
    parts_.metrics.journal_trimmed(*trimmed);
  }
  trim_is_behind_ = trimmed && *trimmed == chunk;
  next_trim_ = trim_is_behind_ ? now : now + kTrimEvery;
}

}  // namespace cc::ingest
