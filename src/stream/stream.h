#pragma once
// Committed entries, out to readers. Every reader owns a cursor and nothing else: the latest
// entries stand once in a ring that all share, what is older is read from the journal
// (ARCHITECTURE.md, invariant 4).

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "base/clock.h"
#include "fleet/words.h"
#include "store/commit_listener.h"
#include "store/store.h"
#include "stream/start.h"
#include "telemetry/log.h"
#include "telemetry/metrics.h"

namespace cc::stream {

struct Filter {
  std::set<fleet::EventKind> kinds;    // empty: all
  std::optional<std::string> gateway;  // empty: all
};

struct StreamOptions {
  std::size_t ring_entries = 16 * 1024;
  std::size_t ring_bytes = 64U << 20U;
  std::size_t page_entries = 512;  // read from the journal at a time
  std::size_t page_bytes = 512U << 10U;
  Millis heartbeat{15'000};
  Millis dead_after{300'000};  // nothing taken by the peer for this long
  Millis retry_min{1'000};     // `retry:` is drawn from here …
  Millis retry_max{5'000};     // … to here, so that a restart does not bring all readers at once
  Millis check_every{3'000};   // between two questions whether a reader is still allowed
  Millis flush_pause{1};  // between two rounds of writing, once there are more than a few readers
  Millis drain_within{2'000};
  Millis tick{1'000};  // how often time is looked at; a heartbeat may come that much early
};

class Hub;

/// `committed` and `wake` come from the writer's thread; readers live on the executor's thread. It
/// begins at the store's head, so it is made before the writer starts, and outlives it. It is
/// destroyed on the executor, or when nobody runs that any more; readers who are still there are
/// dropped without being told.
class Stream final : public store::CommitListener {
 public:
  struct Parts {
    boost::asio::any_io_executor executor;  // a single thread runs it
    store::Store& store;
    const Clock& clock;
    telemetry::Log& log;
    telemetry::Metrics& metrics;
  };

  Stream(Parts parts, StreamOptions options);
  ~Stream() override;

  void committed(std::span<const journal::Entry> entries, const Epoch& epoch) override;
  void wake() override;

  /// Takes over a connection whose response header has been sent: from here on the body of a
  /// `text/event-stream` (chunked where `chunked`). `closed` is called once, on the executor and
  /// never from within `serve`, when the reader has gone. `allowed` is asked every few seconds;
  /// once it says no, the stream ends. On the executor.
  void serve(boost::asio::ip::tcp::socket socket, bool chunked, Start start, Filter filter,
             std::function<bool()> allowed, std::function<void()> closed);

  /// Ends every stream cleanly, after what is committed has been written or 2 s have passed. On the
  /// executor.
  void drain(std::function<void()> drained);

  [[nodiscard]] std::size_t readers() const;  // thread-safe

 private:
  std::shared_ptr<Hub> hub_;
};

}  // namespace cc::stream
