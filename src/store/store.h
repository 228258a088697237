#pragma once
// Journal and state behind one interface. The contract, which testing/store_contract.h checks on
// every backend:
//
// - A transaction is all there or not at all. After `commit` returns, in `full`, it survives power
// loss.
// - Entries are numbered from `next_seq` without holes; state rows change with them or not at all.
// - `read_after` sees whole transactions only, in order, and never one that is not committed.
// - A gateway's row takes the gateway's other rows with it when it is removed, as in fleet::Fleet.
// - Trimming removes entries from the oldest on, never state.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/cursor.h"
#include "base/result.h"
#include "fleet/state/fleet.h"
#include "journal/entry.h"
#include "journal/position.h"

namespace cc::store {

enum class Durability {
  kFull,     // fsync before commit returns
  kRelaxed,  // survives a crash of the process, not of the machine
};

using journal::Position;

/// Rolled back by its destructor unless committed. Views handed in need live only until the call
/// returns. Once a call has failed with anything but kInvalid, nothing of it will happen: later
/// calls fail the same way.
class Transaction {
 public:
  virtual ~Transaction() = default;
  /// The number that the first entry must have. On a shared database it holds a lock on the
  /// numbering.
  [[nodiscard]] virtual Seq next_seq() const = 0;
  /// kInvalid where the entry's number is not `next_seq`, or its body is no JSON object.
  [[nodiscard]] virtual Result<void> append(const journal::Entry& entry) = 0;
  [[nodiscard]] virtual Result<void> put(const journal::RowWrite& row) = 0;
  /// Errors: kUnavailable (full disk, I/O error, locked): nothing of it happened, and the store can
  /// be used again as soon as the cause is gone.
  [[nodiscard]] virtual Result<void> commit() = 0;
};

struct JournalPage {
  std::vector<journal::Entry> entries;
  Position position;  // as of the same moment
};

/// Handed an entry and where the journal stood when it was read; what the entry points at goes away
/// when this returns.
using EntryVisitor = std::function<void(const journal::EntryView& entry, const Position& position)>;

/// A reader's own handle, for one thread at a time. Must not outlive its store.
class JournalReader {
 public:
  virtual ~JournalReader() = default;
  /// Entries of the current epoch after `after`, oldest first, at most `max_entries`, and no more
  /// after the one that passes `max_bytes` of bodies. Holds no lock and no snapshot once it
  /// returns. Whether `after` can still be served is for the caller to see from `position`: it can
  /// where after + 1 >= oldest and after <= head.
  [[nodiscard]] virtual Result<JournalPage> read_after(Seq after, std::size_t max_entries,
                                                       std::size_t max_bytes) = 0;
  /// `read_after` without a page: each entry is visited in place, which saves a copy. What was
  /// visited before an error does not count.
  [[nodiscard]] virtual Result<Position> visit_after(Seq after, std::size_t max_entries,
                                                     std::size_t max_bytes,
                                                     const EntryVisitor& visit) {
    const auto page = read_after(after, max_entries, max_bytes);
    if (!page) return std::unexpected(page.error());
    for (const auto& entry : page->entries) visit(journal::view_of(entry), page->position);
    return page->position;
  }
  /// The newest entries of the current epoch before `before`, also oldest first. What exceeds a
  /// limit is left out at the old end.
  [[nodiscard]] virtual Result<JournalPage> read_before(Seq before, std::size_t max_entries,
                                                        std::size_t max_bytes) = 0;
  /// The number of the first entry of the current epoch that was committed at `at` or later; head +
  /// 1 where there is none. Costs a few lookups, since time never goes back along the journal.
  [[nodiscard]] virtual Result<Seq> find_since(TimeMs at) = 0;
};

struct Retention {
  TimeMs keep_since = 0;         // entries with an earlier `at` go
  std::uint64_t keep_bytes = 0;  // 0: no bound; else the oldest go until bodies are within it
};

/// What a backup tells, and how it is given up.
struct BackupWatch {
  std::stop_token stop = {};
  /// Bytes copied, and about how many there are. Called between two parts, on the copying thread;
  /// may be empty.
  std::function<void(std::uint64_t copied, std::uint64_t expected)> progress = {};
};

/// One writer: `load`, `begin`, `trim`, `note_age`, `maintain`, `check_files` and `close_cleanly`
/// are called from one thread, and the last five not while a transaction is open. `position`,
/// `open_reader` and `back_up` are thread-safe.
class Store {
 public:
  virtual ~Store() = default;

  [[nodiscard]] virtual Position position() const = 0;
  /// Every state row. kCorrupt names the row that cannot be read.
  [[nodiscard]] virtual Result<fleet::Fleet> load() = 0;
  /// One at a time: kInvalid while another is open.
  [[nodiscard]] virtual Result<std::unique_ptr<Transaction>> begin() = 0;
  [[nodiscard]] virtual Result<std::unique_ptr<JournalReader>> open_reader() = 0;

  /// Removes, in a transaction of its own, at most `max_entries` journal entries that retention no
  /// longer keeps, the newest among them if need be; returns how many. `head` stays.
  [[nodiscard]] virtual Result<std::size_t> trim(const Retention& retention,
                                                 std::size_t max_entries) = 0;
  /// How old the journal was believed to have become (`note_age`), where that is not as its newest
  /// entry is dated; 0: it is. On the writer's thread.
  [[nodiscard]] virtual TimeMs noted_age() { return 0; }
  /// In a transaction of its own. Kept over restarts and kill -9.
  [[nodiscard]] virtual Result<void> note_age(TimeMs /*age*/) { return {}; }
  /// A small step of housekeeping (checkpoint of the write-ahead log). Call it after every commit:
  /// it does nothing until there is enough to do.
  [[nodiscard]] virtual Result<void> maintain() = 0;
  /// Whether what is committed would still be found by the next start: kUnavailable where a file of
  /// the database was moved or deleted; what it held is saved as far as it can be. Costs next to
  /// nothing.
  [[nodiscard]] virtual Result<void> check_files() { return {}; }
  /// A consistent copy in a new file of mode 0600, marked so that opening it draws a new epoch. It
  /// is of some moment between the call and its end. Takes its time; commits go on meanwhile, and
  /// wait for none of it. Whatever goes wrong, no file is left. Errors: kInvalid (the file exists,
  /// or the backend has no such thing), kCancelled (told to stop), kUnavailable.
  [[nodiscard]] virtual Result<void> back_up(const std::filesystem::path& file,
                                             const BackupWatch& watch) = 0;
  /// Syncs the last commit to disk, and notes a clean stop, so that the next start keeps the epoch.
  /// A later commit removes the note.
  [[nodiscard]] virtual Result<void> close_cleanly() = 0;
};

}  // namespace cc::store
