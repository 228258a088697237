#pragma once
// A journal that a test trims and lets fail.

#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "store/store.h"

namespace cc::stream::testing {

inline Epoch test_epoch() {
  return *Epoch::parse("k3f9x2ab");
}

/// Thread-safe. Has only what the stream uses; the rest returns kUnavailable.
class FakeJournal : public store::Store {
 public:
  /// Commits one entry. Its body holds its number, so that a test can tell which entry a reader
  /// got.
  journal::Entry append(std::string gateway = "default",
                        fleet::EventKind kind = fleet::EventKind::kSessionUpdate,
                        std::size_t padding = 0) {
    const std::scoped_lock lock(mutex_);
    const Seq seq = ++position_.head;
    entries_.push_back({.seq = seq,
                        .at = static_cast<TimeMs>(seq),
                        .gateway = std::move(gateway),
                        .event = kind,
                        .body = R"({"n":)" + std::to_string(seq) + R"(,"pad":")" +
                                std::string(padding, 'x') + "\"}"});
    return entries_.back();
  }
  /// Removes all entries before this one.
  void trim_to(Seq oldest) {
    const std::scoped_lock lock(mutex_);
    while (!entries_.empty() && entries_.front().seq < oldest) entries_.pop_front();
    position_.oldest = oldest;
  }
  void fail_reads(bool failing) {
    const std::scoped_lock lock(mutex_);
    failing_ = failing;
  }
  [[nodiscard]] std::size_t reads() const {
    const std::scoped_lock lock(mutex_);
    return reads_;
  }

  journal::Position position() const override {
    const std::scoped_lock lock(mutex_);
    return position_;
  }
  Result<std::unique_ptr<store::JournalReader>> open_reader() override {
    return std::make_unique<Reader>(*this);
  }

  Result<fleet::Fleet> load() override { return fail(ErrorCode::kUnavailable, "not here"); }
  Result<std::unique_ptr<store::Transaction>> begin() override {
    return fail(ErrorCode::kUnavailable, "not here");
  }
  Result<std::size_t> trim(const store::Retention&, std::size_t) override { return 0; }
  Result<void> maintain() override { return {}; }
  Result<void> back_up(const std::filesystem::path&, const store::BackupWatch&) override {
    return {};
  }
  Result<void> close_cleanly() override { return {}; }

 private:
  class Reader final : public store::JournalReader {
   public:
    explicit Reader(FakeJournal& journal) : journal_(journal) {}
    Result<store::JournalPage> read_after(Seq after, std::size_t entries,
                                          std::size_t bytes) override {
      return journal_.read_after(after, entries, bytes);
    }
    Result<store::JournalPage> read_before(Seq, std::size_t, std::size_t) override {
      return fail(ErrorCode::kUnavailable, "not here");
    }
    Result<Seq> find_since(TimeMs) override { return fail(ErrorCode::kUnavailable, "not here"); }

   private:
    FakeJournal& journal_;
  };

  Result<store::JournalPage> read_after(Seq after, std::size_t entries, std::size_t bytes) {
    const std::scoped_lock lock(mutex_);
    ++reads_;
    if (failing_) return fail(ErrorCode::kUnavailable, "disk on fire");
    store::JournalPage page{.entries = {}, .position = position_};
    std::size_t size = 0;
    const auto first = after + 1 < position_.oldest ? 0 : after + 1 - position_.oldest;
    for (auto i = first; i < entries_.size() && page.entries.size() < entries && size <= bytes;
         ++i) {
      page.entries.push_back(entries_[i]);
      size += entries_[i].body.size();
    }
    return page;
  }

  mutable std::mutex mutex_;
  journal::Position position_{.epoch = test_epoch(), .head = 0, .oldest = 1, .last_at = 0};
  std::deque<journal::Entry> entries_;
  bool failing_ = false;
  std::size_t reads_ = 0;
};

}  // namespace cc::stream::testing
