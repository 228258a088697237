#include "machine.h"

#include <algorithm>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "store/sqlite/sqlite_store.h"

namespace cc::powerloss {
namespace {

using store::Durability;
using store::testing::Fate;

constexpr Seq kRows = 37;
constexpr Seq kKept = 200;  // entries that retention keeps

void require(bool holds, const std::string& what) {
  if (!holds) throw Broken(what);
}

/// Most entries are small; one in eight is large, so that the log fills and is checkpointed.
std::size_t size_of(Seq seq) {
  return seq % 8 == 3 ? 120'000 : 200 + seq * 37 % 900;
}

std::string row_of(Seq seq) {
  return "row-" + std::to_string(seq % kRows);
}

}  // namespace

Machine::Machine(Durability durability, std::uint64_t seed)
    : durability_(durability), random_(seed) {}

unsigned Machine::percent() {
  return static_cast<unsigned>(random_() % 100);
}

std::string Machine::body(Seq seq) const {
  std::string text = R"({"life":)" + std::to_string(written_in_.at(seq)) + R"(,"seq":)" +
                     std::to_string(seq) + R"(,"filler":")";
  text.append(size_of(seq), static_cast<char>('a' + seq % 26));
  return text + R"("})";
}

Counts Machine::live(std::size_t events, const Moment& moment, const Damage& damage, bool cleanly) {
  const Counts before{disk_.syncs(), disk_.writes()};
  if (moment.sync > 0) disk_.lose_power_at_sync(before.syncs + moment.sync);
  if (moment.write > 0) disk_.lose_power_at_write(before.writes + moment.write);
  ++life_;
  bool stopped = false;
  if (auto store = open()) {
    may_lose_ = false;
    work(*store, events);
    stopped = cleanly && store->close_cleanly().has_value();
    disk_.lose_power();
  }
  may_lose_ |= durability_ == Durability::kRelaxed && !stopped && !damage.only_process;
  const Counts used{disk_.syncs() - before.syncs, disk_.writes() - before.writes};
  lose_and_restore(damage);
  return used;
}

void Machine::check() {
  ++life_;
  {
    const auto store = open();
    may_lose_ = false;
    work(*store, 3);
  }
  const auto store = open();
  check_file();
}

// A machine that goes down while it opens the database has not been told anything yet.
std::unique_ptr<store::Store> Machine::open() {
  auto opened = store::open_sqlite({.file = file_,
                                    .durability = durability_,
                                    .boot_id = "boot-" + std::to_string(boot_),
                                    .vfs = disk_.name()});
  if (!disk_.has_power()) return nullptr;
  if (!opened) throw Broken("it does not open: " + opened.error().message);
  const store::Position position = (*opened)->position();
  check_position(position);
  check_journal(**opened);
  check_state(position.head);
  epoch_ = position.epoch.text();
  acknowledged_ = position.head;
  trimmed_ = position.oldest - 1;
  published_[epoch_] = position.head;
  written_in_.resize(position.head + 1);
  return std::move(*opened);
}

void Machine::check_position(const store::Position& position) const {
  const auto known = published_.find(position.epoch.text());
  if (known != published_.end()) {
    require(position.head >= known->second, "number " + std::to_string(known->second) +
                                                " was reported and is lost, and the epoch is the "
                                                "same; the head is " +
                                                std::to_string(position.head));
  }
  if (may_lose_ || epoch_.empty()) return;
  require(position.epoch.text() == epoch_, "the epoch changed, and nothing can have been lost");
  require(position.head >= acknowledged_, "a commit that was reported is lost");
  require(position.oldest > trimmed_, "what retention removed is back");
}

void Machine::check_journal(store::Store& store) const {
  const auto page = store::testing::read_page(store, 0);
  require(page.position.head == store.position().head, "journal and store differ about the head");
  Seq next = page.position.oldest;
  for (const auto& entry : page.entries) {
    require(entry.seq == next++, "a hole before entry " + std::to_string(entry.seq));
    require(entry.seq < written_in_.size(), "an entry that nobody wrote");
    require(entry.body == body(entry.seq), "entry " + std::to_string(entry.seq) + " is damaged");
  }
  require(next == page.position.head + 1, "the journal ends before its head");
}

// The rows are those that the newest entry left: no transaction is there by half.
void Machine::check_state(Seq head) {
  SQLite::Database db(file_.string());
  SQLite::Statement rows(db, "SELECT id, version, json FROM state");
  Seq found = 0;
  while (rows.executeStep()) {
    const auto version = static_cast<Seq>(rows.getColumn(1).getInt64());
    require(version <= head && version + kRows > head, "a row of another moment than the journal");
    require(rows.getColumn(0).getString() == row_of(version), "a row under another's name");
    require(rows.getColumn(2).getString() == std::to_string(written_in_.at(version)),
            "a row that a lost transaction wrote");
    ++found;
  }
  require(found == std::min(head, kRows), "rows are missing");
}

void Machine::check_file() {
  SQLite::Database db(file_.string());
  const auto verdict = db.execAndGet("PRAGMA integrity_check").getString();
  require(verdict == "ok", "the file is damaged: " + verdict);
}

void Machine::work(store::Store& store, std::size_t events) {
  for (unsigned i = 0; events > 0 && disk_.has_power(); ++i) {
    const std::size_t entries = std::min<std::size_t>(events, 1 + random_() % 3);
    transact(store, entries);
    events -= entries;
    housekeep(store, i);
  }
}

void Machine::transact(store::Store& store, std::size_t entries) {
  auto transaction = store.begin();
  if (!transaction) return;
  if (!fill(**transaction, entries) || !(*transaction)->commit()) return;
  acknowledged_ = store.position().head;
  published_[epoch_] = acknowledged_;
}

Result<void> Machine::fill(store::Transaction& transaction, std::size_t entries) {
  for (std::size_t i = 0; i < entries; ++i) {
    const Seq seq = transaction.next_seq();
    written_in_.resize(std::max<std::size_t>(written_in_.size(), seq + 1));
    written_in_[seq] = life_;
    auto entry = store::testing::make_entry(seq);
    entry.body = body(seq);
    if (auto appended = transaction.append(entry); !appended) return appended;
    const std::string row = row_of(seq);
    const std::string json = std::to_string(life_);
    auto put = transaction.put({fleet::Kind::kSession, "default", row, seq, json});
    if (!put) return put;
  }
  return {};
}

void Machine::housekeep(store::Store& store, unsigned transaction) {
  [[maybe_unused]] const auto stepped = store.maintain();
  if (transaction % 40 != 39 || acknowledged_ <= kKept) return;
  const auto keep_since = static_cast<TimeMs>((acknowledged_ - kKept) * 10);
  if (store.trim({.keep_since = keep_since}, 1000)) trimmed_ = store.position().oldest - 1;
}

void Machine::lose_and_restore(const Damage& damage) {
  disk_.lose_power();
  if (!damage.only_process) ++boot_;
  disk_.restore_power([&] {
    const unsigned drawn = percent();
    if (damage.only_process || drawn < damage.kept_of_100) return Fate::kKept;
    return drawn < damage.kept_of_100 + damage.garbled_of_100 ? Fate::kGarbled : Fate::kLost;
  });
}

}  // namespace cc::powerloss
