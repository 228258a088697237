#pragma once
// Reads from the journal, page by page, what the ring no longer holds. Workers read, so that the
// thread that serves streams never waits for a disk.

#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "base/result.h"
#include "stream/slice.h"
#include "workers/worker_pool.h"

namespace cc::stream {

/// Lives on the readers' thread. Destroy it there, or when that thread does not run any more. Holds
/// a few pages, which readers at about the same place share. This bounds its memory and the number
/// of its tasks.
class Replay {
 public:
  struct Limits {
    std::size_t entries = 0;  // of a page
    std::size_t bytes = 0;    // of a page, about
    std::size_t pages = 4;
  };

  /// Entries that were read in one transaction. A page never changes.
  struct Page {
    Seq after = 0;                 // the page begins behind this number
    bool overtaken = false;        // retention has removed what comes next
    std::vector<Encoded> entries;  // without holes; none if overtaken
  };
  /// While somebody holds a pin, its page stays. So a reader finds the page at its next turn.
  using Pin = std::shared_ptr<const Page>;

  Replay(workers::WorkerPool& workers, boost::asio::any_io_executor executor, Limits limits)
      : workers_(workers), executor_(std::move(executor)), limits_(limits), slots_(limits.pages) {}
  ~Replay() { stop_.request_stop(); }
  Replay(const Replay&) = delete;
  Replay& operator=(const Replay&) = delete;

  enum class Found {
    kEntries,
    kOvertaken,
    kNotRead,  // call `read` first
  };
  /// Fills `slice`, which was made for the place `after`, with entries up to `head`. An entry that
  /// is committed but not published yet is not taken.
  [[nodiscard]] Found fill(Seq after, Seq head, Slice& slice);

  /// Called once, on the executor, never inside `read`. Errors: those of the journal; `read` may be
  /// called again later.
  using Ready = std::function<void(Result<Pin> page)>;
  /// Has the page behind `after` read. False, and `ready` is not called: all places are being read
  /// into or pinned.
  [[nodiscard]] bool read(Seq after, Ready ready);
  /// Has the page behind the one that holds `after` read before it is needed. Not beyond `until`,
  /// and only while more than half of the places are free.
  void read_ahead(Seq after, Seq until);

  /// Whether `read` would find a place.
  [[nodiscard]] bool has_room() const;
  /// Frees all pages that nobody has pinned.
  void forget_pages();

 private:
  struct Slot {
    std::shared_ptr<Page> page;  // null: empty
    bool is_reading = false;
    Seq after = 0;  // what is being read, or was read last
    std::vector<Ready> waiting;
    std::size_t used = 0;  // when it was last used

    [[nodiscard]] bool is_free() const { return !is_reading && page.use_count() <= 1; }
  };

  [[nodiscard]] bool half_is_used() const;
  [[nodiscard]] Slot* find_read(Seq after);
  [[nodiscard]] Slot* find_reading(Seq after);
  [[nodiscard]] Slot* take_free();
  void begin(Slot& slot, Seq after);
  void arrived(Slot& slot, Result<Page> page);

  workers::WorkerPool& workers_;
  const boost::asio::any_io_executor executor_;
  const Limits limits_;
  std::stop_source stop_;
  std::vector<Slot> slots_;
  std::size_t uses_ = 0;
  const std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace cc::stream
