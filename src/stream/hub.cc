#include "stream/hub.h"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

#include "base/random.h"
#include "stream/sse_encoder.h"

namespace cc::stream {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// Up to so many readers a wake is served at once, however often it comes.
constexpr std::size_t kFewReaders = 4;
/// Readers served before other work of the thread gets a turn.
constexpr std::size_t kPassSlice = 256;
/// Heartbeats of readers who came together are spread over this many steps of a third of the
/// period.
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

Hub::Hub(Stream::Parts parts, StreamOptions options)
    : parts_(std::move(parts)),
      options_(options),
      ring_({options.ring_entries, options.ring_bytes}, published_head(parts_.store)),
      replay_(parts_.store, options.page_entries, options.page_bytes),
      pass_(readers_.end()),
      pause_timer_(parts_.executor),
      tick_timer_(parts_.executor),
      drain_timer_(parts_.executor) {}

void Hub::post(void (Hub::*step)()) {
  asio::post(parts_.executor, guarded([step](Hub& self) { (self.*step)(); }));
}

void Hub::committed(std::span<const journal::Entry> entries, const Epoch& epoch) {
  ring_.append(encode_entries(entries, epoch), epoch);
}

void Hub::wake() {
  if (!wake_pending_.exchange(true)) post(&Hub::woken);
}

// ---- a reader comes and goes

void Hub::serve(asio::ip::tcp::socket socket, Subscriber::Terms terms, const Start& start) {
  const auto now = parts_.clock.steady();
  const auto reader =
      std::make_shared<Subscriber>(std::move(socket), std::move(terms), options_.dead_after, now);
  const auto opening = begin_at(*reader, start);
  admit(reader);
  say(*reader, opening);
  watch_peer(reader);
  advance(reader, false);
  report();
}

/// Puts the reader at its place; returns what it is told first.
std::string Hub::begin_at(Subscriber& reader, const Start& start) {
  std::string opening;
  append_opening(opening, draw_retry(options_));
  const auto where = resolve(start, parts_.store.position());
  // A reader loads the fleet after it was told a cursor; what is not published yet would be missing
  // from both.
  const auto published = ring_.head();
  if (!where) {
    reader.move_to(std::min(where.error().cursor.seq, published.seq));
    append_reset(opening, where.error().reason, Cursor{published.epoch, reader.cursor()}.text());
    parts_.metrics.reset_sent(where.error().reason);
  } else if (start.kind == Start::Kind::kNow) {
    reader.move_to(std::min(*where, published.seq));
    // Else a reader that is cut off before its first event would come back without a cursor, and
    // miss some.
    append_bookmark(opening, Cursor{published.epoch, reader.cursor()}.text());
  } else {
    reader.move_to(*where);
  }
  return opening;
}

void Hub::admit(const Reader& reader) {
  const auto now = parts_.clock.steady();
  const auto step = static_cast<int>(admitted_++ % kHeartbeatSteps);
  reader->next_heartbeat =
      now + options_.heartbeat - options_.heartbeat * step / (3 * kHeartbeatSteps);
  reader->next_check = now + options_.check_every;
  reader->place = readers_.insert(readers_.end(), reader);
  ++count_;
  parts_.metrics.readers(1);
  arm_tick();
}

void Hub::finish(const Reader& reader) {
  reader->end();
  remove(reader);
}

void Hub::remove(const Reader& reader) {
  if (std::exchange(reader->gone, true)) return;
  reader->close();
  if (pass_ == reader->place) ++pass_;
  readers_.erase(reader->place);
  --count_;
  parts_.metrics.readers(-1);
  if (readers_.empty()) replay_.forget_page();
  // Posted, so that nobody is called from the middle of `serve`.
  if (reader->terms().closed) asio::post(parts_.executor, reader->terms().closed);
  if (draining_ && readers_.empty() && drained_) {
    drain_timer_.cancel();
    asio::post(parts_.executor, std::exchange(drained_, {}));
  }
}

void Hub::watch_peer(const Reader& reader) {
  if (reader->broken()) return;
  reader->wait_peer(guarded([weak = std::weak_ptr(reader)](Hub& self, const error_code& error) {
    const auto peer = weak.lock();
    if (!peer || peer->gone) return;
    if (!error) peer->hear_peer();
    if (error || peer->broken()) return self.remove(peer);
    self.watch_peer(peer);
  }));
}

void Hub::drain(std::function<void()> drained) {
  draining_ = true;
  drained_ = std::move(drained);
  if (readers_.empty()) return asio::post(parts_.executor, std::exchange(drained_, {}));
  drain_timer_.expires_after(options_.drain_within);
  drain_timer_.async_wait(guarded([](Hub& self, const error_code& error) {
    while (!error && !self.readers_.empty()) self.finish(Reader(self.readers_.front()));
  }));
  begin_pass();
}

void Hub::stop() {
  stopped_ = true;
  drained_ = nullptr;
  pause_timer_.cancel();
  tick_timer_.cancel();
  drain_timer_.cancel();
  parts_.metrics.readers(-static_cast<long>(readers_.size()));
  for (const auto& reader : readers_) reader->close();
  behind_.clear();
  readers_.clear();
  count_ = 0;
}

// ---- one turn of one reader

void Hub::advance(const Reader& reader, bool may_read_journal) {
  if (reader->broken()) return remove(reader);
  if (reader->blocked()) return wait_writable(reader);
  switch (next_batch(*reader, may_read_journal)) {
    case Next::kNothing: return settle(reader);
    case Next::kEntries: return take(reader);
    case Next::kJournal: return enqueue(reader);
    case Next::kOvertaken: return reset(reader, "retention");
    case Next::kFailed: return;  // the next tick tries again
  }
}

/// Leaves in `batch_` what the reader gets next.
Hub::Next Hub::next_batch(Subscriber& reader, bool may_read_journal) {
  const auto after = reader.cursor();
  if (batch_ && batch_->serves(after, reader.selection())) return Next::kEntries;
  batch_.emplace(after, reader.selection());
  batch_replayed_ = false;
  Next next = Next::kJournal;
  if (ring_.fill(after, *batch_)) {
    next = batch_->through() > after ? Next::kEntries : Next::kNothing;
  } else if (may_read_journal) {
    next = replay(reader);
  }
  if (next != Next::kEntries) batch_.reset();
  return next;
}

Hub::Next Hub::replay(Subscriber& reader) {
  const auto found = replay_.fill(reader.cursor(), ring_.head().seq, *batch_);
  if (!found) {
    if (!std::exchange(journal_failed_, true)) {
      parts_.log.warn("the journal cannot be read; readers wait",
                      {{"error", found.error().message}});
    }
    return Next::kFailed;
  }
  if (*found == Replay::Found::kOvertaken) return Next::kOvertaken;
  batch_replayed_ = true;
  return Next::kEntries;
}

void Hub::take(const Reader& reader) {
  const auto sent = reader->take(*batch_, parts_.clock.steady());
  sent_.entries += sent.entries;
  sent_.bytes += sent.bytes;
  if (batch_replayed_) replayed_ += sent.entries;
  settle(reader);
}

void Hub::settle(const Reader& reader) {
  if (reader->broken()) return remove(reader);
  if (reader->blocked()) return wait_writable(reader);
  if (reader->cursor() < ring_.head().seq) return enqueue(reader);
  if (draining_) finish(reader);
}

void Hub::wait_writable(const Reader& reader) {
  if (std::exchange(reader->waiting, true)) return;
  reader->wait_writable(guarded([weak = std::weak_ptr(reader)](Hub& self, const error_code& error) {
    const auto peer = weak.lock();
    if (!peer || peer->gone) return;
    peer->waiting = false;
    error ? self.remove(peer) : self.writable(peer);
  }));
}

void Hub::writable(const Reader& reader) {
  reader->resume(parts_.clock.steady());
  if (!reader->queued) advance(reader, false);
  report();
}

void Hub::reset(const Reader& reader, std::string_view reason) {
  const auto head = ring_.head();
  std::string text;
  append_reset(text, reason, head.text());
  reader->move_to(head.seq);
  parts_.metrics.reset_sent(reason);
  say(*reader, text);
  settle(reader);
}

void Hub::say(Subscriber& reader, std::string_view text) {
  if (!reader.selection().chunked) return reader.say(text, parts_.clock.steady());
  std::string chunk;
  append_chunk(chunk, text);
  reader.say(chunk, parts_.clock.steady());
}

// ---- whose turn it is

void Hub::woken() {
  if (pausing_) return;
  const auto since = parts_.clock.steady() - flushed_at_;
  if (readers_.size() <= kFewReaders || since >= options_.flush_pause) return begin_pass();
  // Counted from the end of the last pass: while it ran more has been committed, which now goes out
  // together.
  pausing_ = true;
  pause_timer_.expires_after(options_.flush_pause - since);
  pause_timer_.async_wait(guarded([](Hub& self, const error_code&) {
    self.pausing_ = false;
    self.begin_pass();
  }));
}

void Hub::begin_pass() {
  // Before the ring is looked at: what is committed from here on asks for a wake of its own.
  wake_pending_ = false;
  if (std::exchange(passing_, true)) {
    pass_again_ = true;
    return;
  }
  pass_ = readers_.begin();
  step_pass();
}

void Hub::step_pass() {
  for (std::size_t n = 0; n < kPassSlice && pass_ != readers_.end(); ++n) {
    const Reader reader = *pass_++;
    if (!reader->queued && !reader->blocked()) advance(reader, false);
  }
  batch_.reset();
  report();
  pass_ == readers_.end() ? end_pass() : post(&Hub::step_pass);
}

void Hub::end_pass() {
  passing_ = false;
  flushed_at_ = parts_.clock.steady();
  if (std::exchange(pass_again_, false)) woken();
}

void Hub::enqueue(const Reader& reader) {
  if (std::exchange(reader->queued, true)) return;
  behind_.push_back(reader);
  post_turn();
}

void Hub::post_turn() {
  if (!std::exchange(turn_posted_, true)) post(&Hub::turn);
}

/// One reader's batch at a time: between two of them the thread sees to all else.
void Hub::turn() {
  turn_posted_ = false;
  if (!behind_.empty()) {
    const Reader reader = std::move(behind_.front());
    behind_.pop_front();
    reader->queued = false;
    if (!reader->gone) advance(reader, true);
    report();
  }
  if (!behind_.empty()) return post_turn();
  batch_.reset();
}

void Hub::report() {
  if (sent_.bytes > 0) parts_.metrics.entries_sent(sent_.entries, sent_.bytes);
  if (replayed_ > 0) parts_.metrics.replayed(replayed_);
  sent_ = {};
  replayed_ = 0;
}

// ---- time

void Hub::arm_tick() {
  if (std::exchange(ticking_, true)) return;
  tick_timer_.expires_after(options_.tick);
  tick_timer_.async_wait(guarded([](Hub& self, const error_code& error) {
    self.ticking_ = false;
    if (!error) self.tick();
  }));
}

void Hub::tick() {
  const auto now = parts_.clock.steady();
  journal_failed_ = false;
  if (behind_.empty()) replay_.forget_page();
  for (auto next = readers_.begin(); next != readers_.end();) {
    const Reader reader = *next++;
    look_at(reader, now);
  }
  // Without readers there is nothing to look at, and a stopping program has no timer to wait for.
  if (!readers_.empty()) arm_tick();
}

void Hub::look_at(const Reader& reader, SteadyTime now) {
  if (now >= reader->next_check) {
    reader->next_check = now + options_.check_every;
    if (reader->terms().allowed && !reader->terms().allowed()) return finish(reader);
  }
  if (reader->blocked()) {
    reader->note_taken(now);
    if (now - reader->last_taken() >= options_.dead_after) remove(reader);
    return;
  }
  if (now + options_.tick > reader->next_heartbeat) heartbeat(*reader, now);
  if (!reader->queued) settle(reader);
}

void Hub::heartbeat(Subscriber& reader, SteadyTime now) {
  reader.next_heartbeat = now + options_.heartbeat;
  std::string text;
  if (reader.selection().whole()) {
    append_comment(text, "");
  } else {
    append_bookmark(text, Cursor{ring_.head().epoch, reader.cursor()}.text());
  }
  say(reader, text);
}

}  // namespace cc::stream
