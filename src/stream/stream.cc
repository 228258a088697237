#include "stream/stream.h"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

#include "base/random.h"
#include "stream/sse_encoder.h"

namespace cc::stream {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// Up to this many readers, every wake is served immediately.
constexpr std::size_t kFewReaders = 4;
/// How many readers are served before other work of the thread gets a turn.
constexpr std::size_t kPassSlice = 256;
/// Heartbeats of readers that came together are spread over a third of the period, in this many
/// steps.
constexpr int kHeartbeatSteps = 16;

Millis draw_retry(const StreamOptions& options) {
  const auto bytes = random_bytes<2>();
  const auto span = std::max<Millis::rep>((options.retry_max - options.retry_min).count(), 0) + 1;
  return options.retry_min + Millis((bytes[0] * 256 + bytes[1]) % span);
}

Cursor published_head(const store::Store& store) {
  const auto position = store.position();
  return {position.epoch, position.head};
}

}  // namespace

Stream::Stream(Parts parts, StreamOptions options)
    : parts_(std::move(parts)),
      options_(options),
      ring_({options.ring_entries, options.ring_bytes}, published_head(parts_.store)),
      replay_(parts_.workers, parts_.executor,
              {.entries = options.page_entries, .bytes = options.page_bytes}),
      delivery_({ring_, replay_, parts_.clock, parts_.metrics}),
      pass_(readers_.end()),
      pause_timer_(parts_.executor),
      tick_timer_(parts_.executor),
      drain_timer_(parts_.executor) {}

Stream::~Stream() {
  parts_.metrics.readers(-static_cast<long>(readers_.size()));
  for (const auto& reader : readers_) reader->peer.close();
}

void Stream::post(void (Stream::*step)()) {
  asio::post(parts_.executor, guarded([this, step] { (this->*step)(); }));
}

void Stream::committed(std::span<const journal::Entry> entries, const Epoch& epoch) {
  ring_.append(encode_entries(entries, epoch), epoch);
}

void Stream::wake() {
  if (!wake_pending_.exchange(true)) post(&Stream::woken);
}

// ---- a reader comes and goes

void Stream::serve(asio::ip::tcp::socket socket, bool chunked, Wanted wanted,
                   std::function<bool()> allowed, std::function<void()> closed) {
  const auto now = parts_.clock.steady();
  const auto reader = std::make_shared<Reader>(
      Subscriber(std::move(socket), std::move(wanted.filter), chunked, options_.dead_after, now),
      std::move(allowed), std::move(closed));
  reader->heartbeat = wanted.heartbeat.value_or(options_.heartbeat);
  const auto opening = begin_at(reader->peer, wanted.start);
  admit(reader);
  reader->peer.say(opening, now);
  watch_peer(reader);
  advance(reader, false);
  delivery_.report();
}

/// Sets the reader's cursor; returns the first bytes that it gets.
std::string Stream::begin_at(Subscriber& reader, const journal::StartPoint& start) {
  std::string opening;
  append_opening(opening, draw_retry(options_));
  const auto where = resolve(start, parts_.store.position());
  // A reader loads the fleet after it got a cursor. An entry that is not published yet would be
  // missing from both.
  const auto published = ring_.head();
  if (!where) {
    reader.move_to(std::min(where.error().cursor.seq, published.seq));
    append_reset(opening, where.error().reason, Cursor{published.epoch, reader.cursor()}.text());
    parts_.metrics.reset_sent(where.error().reason);
  } else if (start.kind == journal::StartPoint::Kind::kNow) {
    reader.move_to(std::min(*where, published.seq));
    // Without this, a reader that is cut off before its first event would come back without a
    // cursor, and miss entries.
    append_bookmark(opening, Cursor{published.epoch, reader.cursor()}.text(), parts_.clock.wall());
  } else {
    reader.move_to(*where);
  }
  return opening;
}

void Stream::admit(const ReaderPtr& reader) {
  const auto now = parts_.clock.steady();
  const auto step = static_cast<int>(admitted_++ % kHeartbeatSteps);
  reader->next_heartbeat =
      now + reader->heartbeat - reader->heartbeat * step / (3 * kHeartbeatSteps);
  reader->next_check = now + options_.check_every;
  reader->place = readers_.insert(readers_.end(), reader);
  ++count_;
  parts_.metrics.readers(1);
  arm_tick();
}

void Stream::finish(const ReaderPtr& reader) {
  reader->peer.end();
  remove(reader);
}

void Stream::remove(const ReaderPtr& reader) {
  if (std::exchange(reader->gone, true)) return;
  reader->peer.close();
  if (pass_ == reader->place) ++pass_;
  readers_.erase(reader->place);
  --count_;
  parts_.metrics.readers(-1);
  if (readers_.empty()) replay_.forget_pages();
  // Posted, so that no callback runs inside `serve`.
  if (reader->closed) asio::post(parts_.executor, reader->closed);
  if (draining_ && readers_.empty() && drained_) {
    drain_timer_.cancel();
    asio::post(parts_.executor, std::exchange(drained_, {}));
  }
}

void Stream::watch_peer(const ReaderPtr& reader) {
  if (reader->peer.broken()) return;
  reader->peer.wait_peer(guarded(reader, [this](const ReaderPtr& held, const error_code& error) {
    if (!error) held->peer.hear_peer();
    if (error || held->peer.broken()) return remove(held);
    watch_peer(held);
  }));
}

void Stream::drain(std::function<void()> drained) {
  draining_ = true;
  drained_ = std::move(drained);
  if (readers_.empty()) return asio::post(parts_.executor, std::exchange(drained_, {}));
  drain_timer_.expires_after(options_.drain_within);
  drain_timer_.async_wait(guarded([this](const error_code& error) {
    while (!error && !readers_.empty()) finish(ReaderPtr(readers_.front()));
  }));
  begin_pass();
}

// ---- whose turn it is

void Stream::woken() {
  if (pausing_) return;
  const auto since = parts_.clock.steady() - flushed_at_;
  if (readers_.size() <= kFewReaders || since >= options_.flush_pause) return begin_pass();
  // Counted from the end of the last pass: what was committed during that pass is now sent
  // together.
  pausing_ = true;
  pause_timer_.expires_after(options_.flush_pause - since);
  pause_timer_.async_wait(guarded([this](const error_code&) {
    pausing_ = false;
    begin_pass();
  }));
}

void Stream::begin_pass() {
  // Reset before the ring is read: what is committed from here on wakes readers again.
  wake_pending_ = false;
  if (std::exchange(passing_, true)) {
    pass_again_ = true;
    return;
  }
  pass_ = readers_.begin();
  step_pass();
}

void Stream::step_pass() {
  for (std::size_t n = 0; n < kPassSlice && pass_ != readers_.end(); ++n) {
    const ReaderPtr reader = *pass_++;
    if (!reader->queued && !reader->peer.blocked()) advance(reader, false);
  }
  delivery_.forget_slice();
  delivery_.report();
  pass_ == readers_.end() ? end_pass() : post(&Stream::step_pass);
}

void Stream::end_pass() {
  passing_ = false;
  flushed_at_ = parts_.clock.steady();
  if (std::exchange(pass_again_, false)) woken();
}

void Stream::advance(const ReaderPtr& reader, bool may_replay) {
  const auto standing = delivery_.serve(reader->peer, may_replay);
  reader->page = nullptr;
  go_on(reader, standing);
}

void Stream::go_on(const ReaderPtr& reader, Standing standing) {
  switch (standing) {
    case Standing::kCaughtUp: return draining_ ? finish(reader) : void();
    case Standing::kBehind: return enqueue(reader);
    case Standing::kNotRead: return read_page_for(reader);
    case Standing::kBlocked: return wait_writable(reader);
    case Standing::kBroken: return remove(reader);
  }
}

void Stream::enqueue(const ReaderPtr& reader) {
  if (std::exchange(reader->queued, true)) return;
  behind_.push_back(reader);
  post_turn();
}

void Stream::post_turn() {
  if (!std::exchange(turn_posted_, true)) post(&Stream::turn);
}

/// One reader's slice at a time; other work of the thread runs in between.
void Stream::turn() {
  turn_posted_ = false;
  if (!behind_.empty()) {
    const ReaderPtr reader = std::move(behind_.front());
    behind_.pop_front();
    reader->queued = false;
    if (!reader->gone) advance(reader, true);
    delivery_.report();
  }
  if (!lacking_.empty() && replay_.has_room()) {
    behind_.push_back(std::move(lacking_.front()));
    lacking_.pop_front();
  }
  if (!behind_.empty()) return post_turn();
  delivery_.forget_slice();
}

void Stream::read_page_for(const ReaderPtr& reader) {
  reader->queued = true;
  const bool begun = replay_.read(reader->peer.cursor(),
                                  [this, weak = std::weak_ptr(reader)](Result<Replay::Pin> page) {
                                    if (const auto held = weak.lock(); held && !held->gone)
                                      page_is_there(held, std::move(page));
                                    post_turn();  // a page may be free now for those in `lacking_`
                                  });
  if (!begun) lacking_.push_back(reader);
}

void Stream::page_is_there(const ReaderPtr& reader, Result<Replay::Pin> page) {
  reader->queued = false;
  if (page) {
    reader->page = *std::move(page);
    return enqueue(reader);
  }
  // The next tick tries again.
  if (std::exchange(journal_failed_, true)) return;
  parts_.log.warn("the journal cannot be read; readers wait", {{"error", page.error().message}});
}

void Stream::wait_writable(const ReaderPtr& reader) {
  if (std::exchange(reader->waiting, true)) return;
  reader->peer.wait_writable(
      guarded(reader, [this](const ReaderPtr& held, const error_code& error) {
        held->waiting = false;
        error ? remove(held) : writable(held);
      }));
}

void Stream::writable(const ReaderPtr& reader) {
  reader->peer.resume(parts_.clock.steady());
  if (!reader->queued) advance(reader, false);
  delivery_.report();
}

// ---- time

void Stream::arm_tick() {
  if (std::exchange(ticking_, true)) return;
  tick_timer_.expires_after(options_.tick);
  tick_timer_.async_wait(guarded([this](const error_code& error) {
    ticking_ = false;
    if (!error) tick();
  }));
}

void Stream::tick() {
  const auto now = parts_.clock.steady();
  journal_failed_ = false;
  if (behind_.empty() && lacking_.empty()) replay_.forget_pages();
  for (auto next = readers_.begin(); next != readers_.end();) {
    const ReaderPtr reader = *next++;
    look_at(reader, now);
  }
  // Without readers there is nothing to look at, and a stopping program has no timer to wait for.
  if (!readers_.empty()) arm_tick();
}

void Stream::look_at(const ReaderPtr& reader, SteadyTime now) {
  if (now >= reader->next_check) {
    reader->next_check = now + options_.check_every;
    if (reader->allowed && !reader->allowed()) return finish(reader);
  }
  if (reader->peer.blocked()) {
    reader->peer.note_taken(now);
    if (now - reader->peer.last_taken() >= options_.dead_after) remove(reader);
    return;
  }
  if (now + options_.tick > reader->next_heartbeat) heartbeat(*reader, now);
  if (!reader->queued) go_on(reader, delivery_.standing(reader->peer));
}

void Stream::heartbeat(Reader& reader, SteadyTime now) {
  reader.next_heartbeat = now + reader.heartbeat;
  std::string text;
  if (reader.peer.filter().takes_all()) {
    append_heartbeat(text, parts_.clock.wall());
  } else {
    append_bookmark(text, Cursor{ring_.head().epoch, reader.peer.cursor()}.text(),
                    parts_.clock.wall());
  }
  reader.peer.say(text, now);
}

}  // namespace cc::stream
