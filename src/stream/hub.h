#pragma once
// Who is served when. Everybody is woken per commit, not per entry, and takes a batch a turn; those
// who are further behind than a batch wait in one queue, so that nobody's backlog delays the
// others.

#include <atomic>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "stream/replay.h"
#include "stream/ring.h"
#include "stream/stream.h"
#include "stream/subscriber.h"

namespace cc::stream {

/// What stands behind Stream. `committed`, `wake` and `readers` from any thread, the rest on the
/// executor.
class Hub : public std::enable_shared_from_this<Hub> {
 public:
  Hub(Stream::Parts parts, StreamOptions options);

  void committed(std::span<const journal::Entry> entries, const Epoch& epoch);
  void wake();
  void serve(boost::asio::ip::tcp::socket socket, Subscriber::Terms terms, const Start& start);
  void drain(std::function<void()> drained);
  /// Drops everybody at once and calls nobody back.
  void stop();
  [[nodiscard]] std::size_t readers() const { return count_.load(); }

 private:
  using Reader = std::shared_ptr<Subscriber>;

  // A reader comes and goes.
  [[nodiscard]] std::string begin_at(Subscriber& reader, const Start& start);
  void admit(const Reader& reader);
  void finish(const Reader& reader);
  void remove(const Reader& reader);
  void watch_peer(const Reader& reader);

  // One turn of one reader.
  enum class Next { kNothing, kEntries, kJournal, kOvertaken, kFailed };
  void advance(const Reader& reader, bool may_read_journal);
  [[nodiscard]] Next next_batch(Subscriber& reader, bool may_read_journal);
  [[nodiscard]] Next replay(Subscriber& reader);
  void take(const Reader& reader);
  void settle(const Reader& reader);
  void wait_writable(const Reader& reader);
  void writable(const Reader& reader);
  void reset(const Reader& reader, std::string_view reason);
  void say(Subscriber& reader, std::string_view text);

  // Whose turn it is.
  void woken();
  void begin_pass();
  void step_pass();
  void end_pass();
  void enqueue(const Reader& reader);
  void post_turn();
  void turn();
  void report();

  // Time.
  void arm_tick();
  void tick();
  void look_at(const Reader& reader, SteadyTime now);
  void heartbeat(Subscriber& reader, SteadyTime now);

  /// `step` as a handler that does nothing once the hub is gone.
  template <class Step>
  auto guarded(Step step) {
    return [weak = weak_from_this(), step](const auto&... result) {
      const auto self = weak.lock();
      if (self && !self->stopped_) step(*self, result...);
    };
  }
  void post(void (Hub::*step)());

  Stream::Parts parts_;
  const StreamOptions options_;
  Ring ring_;
  Replay replay_;
  std::atomic<bool> wake_pending_{false};
  std::atomic<std::size_t> count_{0};

  std::list<Reader> readers_;
  std::list<Reader>::iterator pass_;  // who is next in the pass under way
  bool passing_ = false;
  bool pass_again_ = false;
  bool pausing_ = false;
  SteadyTime flushed_at_{};
  std::deque<Reader> behind_;
  bool turn_posted_ = false;
  std::optional<Batch> batch_;   // the latest, good for the next reader at the same place
  bool batch_replayed_ = false;  // it came from the journal
  Subscriber::Sent sent_;        // not yet reported
  std::size_t replayed_ = 0;     // of these, from the journal

  boost::asio::steady_timer pause_timer_;
  boost::asio::steady_timer tick_timer_;
  boost::asio::steady_timer drain_timer_;
  bool ticking_ = false;
  bool journal_failed_ = false;  // said once per tick
  std::size_t admitted_ = 0;
  bool draining_ = false;
  bool stopped_ = false;
  std::function<void()> drained_;
};

}  // namespace cc::stream
