#include "store/testing/memory_store.h"

#include <algorithm>
#include <deque>
#include <map>
#include <tuple>
#include <utility>

#include "base/guarded.h"
#include "store/load_row.h"

namespace cc::store {
namespace {

using RowKey = std::tuple<fleet::Kind, std::string, std::string>;

/// What a transaction wants to happen. An empty JSON removes.
struct Batch {
  std::vector<journal::Entry> entries;
  std::vector<std::pair<RowKey, std::string>> rows;
};

/// The database. Thread-safe.
class Memory {
 public:
  Position position() const {
    const MutexLock lock(mutex_);
    return position_;
  }

  void apply(Batch batch) {
    const MutexLock lock(mutex_);
    for (auto& entry : batch.entries) {
      position_.head = entry.seq;
      position_.last_at = entry.at;
      bytes_ += entry.body.size();
      journal_.push_back(std::move(entry));
    }
    for (auto& [key, json] : batch.rows) {
      json.empty() ? remove(key) : void(rows_.insert_or_assign(std::move(key), std::move(json)));
    }
  }

  JournalPage read_after(Seq after, std::size_t max_entries, std::size_t max_bytes) const {
    const MutexLock lock(mutex_);
    JournalPage page{{}, position_};
    std::size_t bytes = 0;
    auto next = std::ranges::upper_bound(journal_, after, {}, &journal::Entry::seq);
    for (; next != journal_.end() && page.entries.size() < max_entries && bytes <= max_bytes;
         ++next) {
      bytes += next->body.size();
      page.entries.push_back(*next);
    }
    return page;
  }

  JournalPage read_before(Seq before, std::size_t max_entries, std::size_t max_bytes) const {
    const MutexLock lock(mutex_);
    JournalPage page{{}, position_};
    std::size_t bytes = 0;
    auto next = std::ranges::lower_bound(journal_, before, {}, &journal::Entry::seq);
    while (next != journal_.begin() && page.entries.size() < max_entries && bytes <= max_bytes) {
      bytes += (--next)->body.size();
      page.entries.push_back(*next);
    }
    std::ranges::reverse(page.entries);
    return page;
  }

  Seq find_since(TimeMs at) const {
    const MutexLock lock(mutex_);
    const auto first = std::ranges::lower_bound(journal_, at, {}, &journal::Entry::at);
    return first == journal_.end() ? position_.head + 1 : first->seq;
  }

  std::size_t trim(const Retention& retention, std::size_t max_entries) {
    const MutexLock lock(mutex_);
    std::size_t removed = 0;
    while (removed < max_entries && !journal_.empty() && goes(journal_.front(), retention)) {
      bytes_ -= journal_.front().body.size();
      position_.oldest = journal_.front().seq + 1;
      journal_.pop_front();
      ++removed;
    }
    return removed;
  }

  Result<fleet::Fleet> load() const {
    const MutexLock lock(mutex_);
    fleet::Fleet fleet;
    for (const auto& [key, json] : rows_) {
      const auto& [kind, gateway, id] = key;
      auto row = read_row(kind, gateway, id, json);
      if (!row) return std::unexpected(row.error());
      put_row(fleet, *std::move(row));
    }
    return fleet;
  }

 private:
  bool goes(const journal::Entry& entry, const Retention& retention) const REQUIRES(mutex_) {
    return entry.at < retention.keep_since ||
           (retention.keep_bytes > 0 && bytes_ > retention.keep_bytes);
  }

  void remove(const RowKey& key) REQUIRES(mutex_) {
    if (std::get<fleet::Kind>(key) != fleet::Kind::kGateway) {
      rows_.erase(key);
      return;
    }
    const std::string& gateway = std::get<1>(key);
    std::erase_if(rows_, [&](const auto& row) { return std::get<1>(row.first) == gateway; });
  }

  mutable Mutex mutex_;
  Position position_ GUARDED_BY(mutex_){Epoch::draw(), 0, 1, 0};
  std::uint64_t bytes_ GUARDED_BY(mutex_) = 0;
  std::deque<journal::Entry> journal_ GUARDED_BY(mutex_);
  std::map<RowKey, std::string> rows_ GUARDED_BY(mutex_);
};

/// What the store and its open transaction share.
struct Shared {
  Memory memory;
  const std::atomic<bool>* fail_commits = nullptr;
  bool transaction_open = false;  // the writer's thread
};

class MemoryTransaction final : public Transaction {
 public:
  explicit MemoryTransaction(Shared& shared)
      : shared_(shared), next_seq_(shared.memory.position().head + 1) {
    shared_.transaction_open = true;
  }
  ~MemoryTransaction() override {
    if (!done_) shared_.transaction_open = false;
  }
  MemoryTransaction(const MemoryTransaction&) = delete;
  MemoryTransaction& operator=(const MemoryTransaction&) = delete;

  Seq next_seq() const override { return next_seq_; }

  Result<void> append(const journal::Entry& entry) override {
    if (entry.seq != next_seq_) {
      return fail(ErrorCode::kInvalid, "entry " + std::to_string(entry.seq) +
                                           " does not follow on " + std::to_string(next_seq_ - 1));
    }
    if (!entry.body.starts_with('{')) {
      return fail(ErrorCode::kInvalid, "entry " + std::to_string(entry.seq) + " has no object");
    }
    batch_.entries.push_back(entry);
    ++next_seq_;
    return {};
  }

  Result<void> put(const journal::RowWrite& row) override {
    batch_.rows.emplace_back(RowKey(row.kind, row.gateway, row.id), row.json);
    return {};
  }

  Result<void> commit() override {
    if (done_) return fail(ErrorCode::kInvalid, "the transaction is over");
    if (shared_.fail_commits != nullptr && shared_.fail_commits->load()) {
      return fail(ErrorCode::kUnavailable, "the store in memory was told to fail");
    }
    shared_.memory.apply(std::move(batch_));
    shared_.transaction_open = false;
    done_ = true;
    return {};
  }

 private:
  Shared& shared_;
  Seq next_seq_;
  Batch batch_;
  bool done_ = false;
};

class MemoryReader final : public JournalReader {
 public:
  explicit MemoryReader(const Memory& memory) : memory_(memory) {}
  Result<JournalPage> read_after(Seq after, std::size_t max_entries,
                                 std::size_t max_bytes) override {
    return memory_.read_after(after, max_entries, max_bytes);
  }
  Result<JournalPage> read_before(Seq before, std::size_t max_entries,
                                  std::size_t max_bytes) override {
    return memory_.read_before(before, max_entries, max_bytes);
  }
  Result<Seq> find_since(TimeMs at) override { return memory_.find_since(at); }

 private:
  const Memory& memory_;
};

class MemoryStore final : public Store {
 public:
  explicit MemoryStore(const std::atomic<bool>* fail_commits) {
    shared_.fail_commits = fail_commits;
  }

  Position position() const override { return shared_.memory.position(); }
  Result<fleet::Fleet> load() override { return shared_.memory.load(); }

  Result<std::unique_ptr<Transaction>> begin() override {
    if (shared_.transaction_open) {
      return fail(ErrorCode::kInvalid, "a transaction is open already");
    }
    return std::make_unique<MemoryTransaction>(shared_);
  }

  Result<std::unique_ptr<JournalReader>> open_reader() override {
    return std::make_unique<MemoryReader>(shared_.memory);
  }

  Result<std::size_t> trim(const Retention& retention, std::size_t max_entries) override {
    return shared_.memory.trim(retention, max_entries);
  }

  TimeMs noted_age() override { return age_; }
  Result<void> note_age(TimeMs age) override {
    age_ = age;
    return {};
  }
  Result<void> maintain() override { return {}; }

  Result<void> back_up(const std::filesystem::path& /*file*/,
                       const BackupWatch& /*watch*/) override {
    return fail(ErrorCode::kInvalid, "the store in memory has no file to back up");
  }

  Result<void> close_cleanly() override { return {}; }

 private:
  Shared shared_;
  TimeMs age_ = 0;
};

}  // namespace

std::unique_ptr<Store> make_memory_store(const std::atomic<bool>* fail_commits) {
  return std::make_unique<MemoryStore>(fail_commits);
}

}  // namespace cc::store
