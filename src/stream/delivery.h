#pragma once
// One reader's turn: which entries it gets, and how many of them its socket takes.
//
// Why a reader that goes from the journal to the ring misses nothing and gets nothing twice: only
// its cursor decides what it gets, and the cursor moves only over entries that were sent or that
// the filter leaves out. The ring and each page of the journal hold numbers without holes, and are
// asked for what follows the cursor. So it does not matter where an entry was found, or when its
// page was read. Entries of a page that are not published yet are not sent.

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
  kBehind,    // there is more for it; it needs another turn
  kNotRead,   // the next entry has to be read from the journal first
  kBlocked,   // its socket is full
  kBroken,    // its connection is unusable
};

/// Lives on the readers' thread.
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

  /// Sends at most one slice. `may_replay`: it may come from a page of the journal.
  [[nodiscard]] Standing serve(Subscriber& reader, bool may_replay);
  /// How the reader stands now. Sends nothing.
  [[nodiscard]] Standing standing(const Subscriber& reader) const;

  /// Tells the reader that its cursor cannot be served, and moves it to the published head.
  void reset(Subscriber& reader, std::string_view reason);

  /// Call it after the turns of all readers that were woken together: the latest slice is not
  /// needed any more.
  void forget_slice() { slice_.reset(); }
  /// Adds what was sent since the last call to the metrics.
  void report();

 private:
  struct Prepared {
    Slice slice;
    bool replayed = false;  // from a page of the journal
  };
  enum class Next { kNothing, kEntries, kOvertaken, kNotRead };

  /// Puts into `slice_` what the reader gets next.
  [[nodiscard]] Next prepare(const Subscriber& reader, bool may_replay);
  [[nodiscard]] Next replay(const Subscriber& reader, Prepared& prepared);
  void send(Subscriber& reader);

  const Parts parts_;
  std::optional<Prepared> slice_;  // the latest; serves the next reader at the same place
  Subscriber::Sent sent_;          // not yet reported
  std::size_t replayed_ = 0;       // of these, from the journal
};

}  // namespace cc::stream
