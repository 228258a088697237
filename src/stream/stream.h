#pragma once
// Sends committed entries to readers. A reader is only a cursor: the latest entries are in one ring
// that all share, older ones are read from the journal (ARCHITECTURE.md, invariant 4).
//
// This class decides whose turn it is; delivery.h decides what a reader gets in its turn. A commit
// wakes all readers once, and each gets one slice. Readers that are further behind wait in one
// queue, so that no reader's backlog delays the others.

#include <atomic>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <span>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/clock.h"
#include "store/commit_listener.h"
#include "store/store.h"
#include "stream/delivery.h"
#include "stream/replay.h"
#include "stream/ring.h"
#include "stream/wanted.h"
#include "telemetry/log.h"
#include "telemetry/metrics.h"
#include "workers/worker_pool.h"

namespace cc::stream {

struct StreamOptions {
  std::size_t ring_entries = 16 * 1024;
  std::size_t ring_bytes = 64U << 20U;
  std::size_t page_entries = 512;  // read from the journal at a time
  std::size_t page_bytes = 512U << 10U;
  Millis heartbeat{15'000};
  Millis dead_after{300'000};  // the peer took nothing for this long
  Millis retry_min{1'000};     // `retry:` is drawn from here …
  Millis retry_max{5'000};     // … to here, so that a restart does not bring all readers at once
  Millis check_every{3'000};   // between two checks whether a reader is still allowed
  Millis flush_pause{1};  // between two rounds of writing, once there are more than a few readers
  Millis drain_within{2'000};
  Millis tick{1'000};  // how often the time is checked; a heartbeat may be this much early
};

/// `committed` and `wake` come from the writer's thread; readers live on the executor's thread. A
/// stream begins at the store's head, so make it before the writer starts, and let it outlive the
/// writer. Destroy it on the executor, or when nobody runs the executor any more. Readers that are
/// still there are then closed without a word.
class Stream final : public store::CommitListener {
 public:
  struct Parts {
    boost::asio::any_io_executor executor;  // a single thread runs it
    store::Store& store;
    workers::WorkerPool& workers;  // read the journal
    const Clock& clock;
    telemetry::Log& log;
    telemetry::Metrics& metrics;
  };

  Stream(Parts parts, StreamOptions options);
  ~Stream() override;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  void committed(std::span<const journal::Entry> entries, const Epoch& epoch) override;
  void wake() override;

  /// Takes over a connection whose response header has been sent: from here on everything is the
  /// body of a `text/event-stream` (chunked if `chunked`). `closed` is called once, on the executor
  /// and never inside `serve`, when the reader has gone. `allowed` is called every few seconds;
  /// when it returns false, the stream ends. On the executor.
  void serve(boost::asio::ip::tcp::socket socket, bool chunked, Wanted wanted,
             std::function<bool()> allowed, std::function<void()> closed);

  /// Ends every stream cleanly, after what is committed has been written or 2 s have passed. On the
  /// executor.
  void drain(std::function<void()> drained);

  [[nodiscard]] std::size_t readers() const { return count_.load(); }  // thread-safe

 private:
  /// A reader, and its state in the stream.
  struct Reader {
    Subscriber peer;
    std::function<bool()> allowed;
    std::function<void()> closed;
    std::list<std::shared_ptr<Reader>>::iterator place;  // in `readers_`
    Replay::Pin page;      // what its next turn takes from; kept until then
    bool queued = false;   // among those that are behind, or until its page is read
    bool waiting = false;  // for the socket to take more
    bool gone = false;
    Millis heartbeat{};
    SteadyTime next_heartbeat{};
    SteadyTime next_check{};
  };
  using ReaderPtr = std::shared_ptr<Reader>;

  // A reader comes and goes.
  [[nodiscard]] std::string begin_at(Subscriber& reader, const journal::StartPoint& start);
  void admit(const ReaderPtr& reader);
  void finish(const ReaderPtr& reader);
  void remove(const ReaderPtr& reader);
  void watch_peer(const ReaderPtr& reader);

  // Whose turn it is.
  void woken();
  void begin_pass();
  void step_pass();
  void end_pass();
  void advance(const ReaderPtr& reader, bool may_replay);
  void go_on(const ReaderPtr& reader, Standing standing);
  void enqueue(const ReaderPtr& reader);
  void post_turn();
  void turn();
  void read_page_for(const ReaderPtr& reader);
  void page_is_there(const ReaderPtr& reader, Result<Replay::Pin> page);
  void wait_writable(const ReaderPtr& reader);
  void writable(const ReaderPtr& reader);

  // Time.
  void arm_tick();
  void tick();
  void look_at(const ReaderPtr& reader, SteadyTime now);
  void heartbeat(Reader& reader, SteadyTime now);

  /// Makes a handler of `step` that does nothing once the stream is gone.
  template <class Step>
  auto guarded(Step step) {
    return [alive = std::weak_ptr(alive_), step](const auto&... result) {
      if (!alive.expired()) step(result...);
    };
  }
  /// The same for one reader: it also does nothing once the reader is gone.
  template <class Step>
  auto guarded(const ReaderPtr& reader, Step step) {
    return guarded([weak = std::weak_ptr(reader), step](const auto&... result) {
      const auto held = weak.lock();
      if (held && !held->gone) step(held, result...);
    });
  }
  void post(void (Stream::*step)());

  Parts parts_;
  const StreamOptions options_;
  Ring ring_;
  Replay replay_;
  Delivery delivery_;
  std::atomic<bool> wake_pending_{false};
  std::atomic<std::size_t> count_{0};

  std::list<ReaderPtr> readers_;
  std::list<ReaderPtr>::iterator pass_;  // who is next in the pass under way
  bool passing_ = false;
  bool pass_again_ = false;
  bool pausing_ = false;
  SteadyTime flushed_at_{};
  std::deque<ReaderPtr> behind_;
  std::deque<ReaderPtr> lacking_;  // need a page, but all places for pages are taken
  bool turn_posted_ = false;

  boost::asio::steady_timer pause_timer_;
  boost::asio::steady_timer tick_timer_;
  boost::asio::steady_timer drain_timer_;
  bool ticking_ = false;
  bool journal_failed_ = false;  // logged once per tick
  std::size_t admitted_ = 0;
  bool draining_ = false;
  std::function<void()> drained_;

  const std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace cc::stream
