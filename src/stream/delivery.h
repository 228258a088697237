#pragma once
// One reader's turn: which entries it gets, and how many of them its socket takes.
//
// Why the way from the journal to the ring leaves no hole and repeats nothing: a reader's cursor
// alone decides what it gets, and moves only over entries that went out or that its filter leaves
// out. The ring and each page of the journal are runs of numbers without holes, and are asked for
// what follows on the cursor. So it does not matter where an entry was found, or when the page that
// it stood in was read. From a page nothing is taken that is not published yet.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "stream/replay.h"
#include "stream/ring.h"
#include "stream/subscriber.h"
#include "telemetry/metrics.h"

namespace cc::stream {

/// How a reader stands after its turn.
enum class Standing {
  kCaughtUp,  // it has everything that is published
  kBehind,    // there is more for it: another turn
  kNotRead,   // what comes next has to be read from the journal first
  kBlocked,   // its socket is full
  kBroken,    // its connection is of no more use
};

/// Lives on the streams' thread.
class Delivery {
 public:
  /// All of it must outlive this.
  struct Parts {
    const Ring& ring;
    Replay& replay;
    const Clock& clock;
    telemetry::Metrics& metrics;
  };

  explicit Delivery(Parts parts) : parts_(parts) {}

  /// At most one batch. `may_replay`: also one that stands in a page of the journal.
  [[nodiscard]] Standing serve(Subscriber& reader, bool may_replay);
  /// As it is now, without giving it anything.
  [[nodiscard]] Standing standing(const Subscriber& reader) const;

  /// Tells the reader that its cursor cannot be served, and moves it to the published head.
  void reset(Subscriber& reader, std::string_view reason);

  /// After the turns of all who are woken together: the latest batch is of no more use.
  void forget_batch() { batch_.reset(); }
  /// Adds what was sent since the last time to the figures.
  void report();

 private:
  struct Prepared {
    Batch batch;
    bool replayed = false;  // from a page of the journal
  };
  enum class Next { kNothing, kEntries, kOvertaken, kNotRead };

  /// Leaves in `batch_` what the reader gets next.
  [[nodiscard]] Next prepare(const Subscriber& reader, bool may_replay);
  [[nodiscard]] Next replay(const Subscriber& reader, Prepared& prepared);
  void send(Subscriber& reader);

  const Parts parts_;
  std::optional<Prepared> batch_;  // the latest, good for the next reader at the same place
  Subscriber::Sent sent_;          // not yet reported
  std::size_t replayed_ = 0;       // of these, from the journal
};

}  // namespace cc::stream
