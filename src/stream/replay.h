#pragma once
// What the ring no longer holds, read from the journal page by page: by the workers, so that the
// thread that serves streams never waits for a disk.

#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "base/result.h"
#include "stream/batch.h"
#include "workers/worker_pool.h"

namespace cc::stream {

/// Lives on the streams' thread, and is destroyed there or when nobody runs it any more. Holds a
/// few pages, which readers at about the same place share; that bounds both its memory and what it
/// asks of the workers at a time.
class Replay {
 public:
  struct Limits {
    std::size_t entries = 0;  // of a page
    std::size_t bytes = 0;    // of a page, about
    std::size_t pages = 4;
  };

  /// Entries that were read in one go. Never changes once it is read.
  struct Page {
    Seq after = 0;                 // what was asked for: the entries that follow on this number
    bool overtaken = false;        // retention has removed what comes next
    std::vector<Encoded> entries;  // without holes, and none where overtaken
  };
  /// Who has one keeps the page where it is, so that it is still there at the holder's turn.
  using Pin = std::shared_ptr<const Page>;

  Replay(workers::WorkerPool& workers, boost::asio::any_io_executor executor, Limits limits)
      : workers_(workers), executor_(std::move(executor)), limits_(limits), slots_(limits.pages) {}
  ~Replay() { stop_.request_stop(); }
  Replay(const Replay&) = delete;
  Replay& operator=(const Replay&) = delete;

  enum class Found {
    kEntries,
    kOvertaken,
    kNotRead,  // `read` brings it
  };
  /// Fills `batch`, made for the place `after`, with entries up to `head`; what is committed but
  /// not published yet is left for later.
  [[nodiscard]] Found fill(Seq after, Seq head, Batch& batch);

  /// Called once, on the executor, never from within `read`. Errors: what the journal says; asking
  /// again later is fine.
  using Ready = std::function<void(Result<Pin> page)>;
  /// Brings the page that follows on `after`. False, and no call: each page is being read or
  /// pinned.
  [[nodiscard]] bool read(Seq after, Ready ready);
  /// Brings the page behind the one that `after` stands in before it is needed, unless it is beyond
  /// `until`, and as long as that leaves room for what is needed now.
  void read_ahead(Seq after, Seq until);

  /// Whether `read` would find a place.
  [[nodiscard]] bool has_room() const;
  /// Gives the memory of all pages back that nobody has pinned.
  void forget_pages();

 private:
  struct Slot {
    std::shared_ptr<Page> page;  // null: empty
    bool is_reading = false;
    Seq after = 0;  // what is read, or was
    std::vector<Ready> waiting;
    std::size_t used = 0;  // when it was last of use

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
