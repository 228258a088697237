// A backup of a large database that is being written: how long commits are held up.

#include <algorithm>
#include <atomic>
#include <random>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>
#include <sqlite3.h>

#include "bench/benches/setting.h"
#include "bench/benches/sizes.h"
#include "bench/load/sockets.h"
#include "bench/report/stats.h"
#include "journal/encode.h"
#include "store/sqlite/sqlite_store.h"

namespace cc::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kPerSecond = 5'000;
constexpr std::int64_t kGroup = 50;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kBetween = kSecond * kGroup / kPerSecond;
/// Of commits without a backup, before and after which nothing else happens.
constexpr double kQuietSeconds = 10;
constexpr double kBriefQuietSeconds = 0.5;

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error("backup: " + result.error().message);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// Commits changes of sessions at a steady rate, and notes the longest time between two commits.
class SteadyWriter {
 public:
  SteadyWriter(store::Store& store, const FleetSize& size)
      : store_(store), size_(size), thread_([this](const std::stop_token& stop) {
          while (!stop.stop_requested()) step();
        }) {}

  /// In seconds, since it was last asked.
  double take_longest_pause() { return static_cast<double>(longest_.exchange(0)) / kSecond; }

 private:
  void step() {
    std::this_thread::sleep_for(std::chrono::nanoseconds(due_ - steady_now()));
    due_ += kBetween;
    commit();
    must(store_.maintain());
    const auto now = steady_now();
    longest_ = std::max(longest_.load(), now - last_);
    last_ = now;
  }

  void commit() {
    auto transaction = must(store_.begin());
    for (std::int64_t i = 0; i < kGroup; ++i) {
      auto changes = Seed::change_of(random_() % size_.sessions, size_, turn_++);
      const auto encoded = journal::encode(changes, transaction->next_seq(), Seed::kStart);
      for (const auto& entry : encoded.entries) must(transaction->append(entry));
      for (const auto& row : encoded.rows) must(transaction->put(row));
    }
    must(transaction->commit());
  }

  store::Store& store_;
  const FleetSize size_;
  std::minstd_rand random_;
  std::size_t turn_ = 0;
  std::int64_t due_ = steady_now();
  std::int64_t last_ = steady_now();
  std::atomic<std::int64_t> longest_{0};
  std::jthread thread_;
};

/// What SQLite offers for it: one statement, one snapshot.
void vacuum_into(const fs::path& database, const fs::path& copy) {
  sqlite3* db = nullptr;
  const std::string sql = fmt::format("VACUUM INTO '{}'", copy.string());
  const bool done =
      sqlite3_open_v2(database.c_str(), &db, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK &&
      sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr) == SQLITE_OK &&
      sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
  const std::string why = sqlite3_errmsg(db);
  sqlite3_close(db);
  if (!done) throw std::runtime_error("VACUUM INTO: " + why);
}

struct Figures {
  std::string system;
  std::vector<double> pauses;   // the longest of each round, in seconds
  std::vector<double> seconds;  // that a round took
  std::uintmax_t log_bytes = 0;
};

/// One database, and what is done with it in turns.
class Rounds {
 public:
  Rounds(const Setting& setting, const Seed& seed)
      : quiet_(setting.brief ? kBriefQuietSeconds : kQuietSeconds),
        folder_(setting.fresh("backup")),
        store_(open(seed)),
        writer_(*store_, seed.size) {}

  void quiet(Figures& figures) {
    measure(figures, [] {});
  }
  void ours(Figures& figures) {
    measure(figures, [this] { must(store_->back_up(copy(), {})); });
  }
  void one_snapshot(Figures& figures) {
    measure(figures, [this] { vacuum_into(database(), copy()); });
  }

 private:
  [[nodiscard]] fs::path database() const { return folder_ / "control-center.db"; }
  [[nodiscard]] fs::path copy() const { return folder_ / "copy.db"; }

  std::unique_ptr<store::Store> open(const Seed& seed) {
    fs::copy_file(seed.database(), database());
    return must(store::open_sqlite(
        {.file = database(), .durability = store::Durability::kFull, .boot_id = "bench"}));
  }

  /// What a copy leaves to be done shows after it, so the writer is watched for a while longer.
  template <class Work>
  void measure(Figures& figures, Work work) {
    (void)writer_.take_longest_pause();
    const auto begun = steady_now();
    work();
    figures.seconds.push_back(static_cast<double>(steady_now() - begun) / kSecond);
    figures.log_bytes = std::max(figures.log_bytes, fs::file_size(database().string() + "-wal"));
    std::this_thread::sleep_for(std::chrono::duration<double>(quiet_));
    figures.pauses.push_back(writer_.take_longest_pause());
    fs::remove(copy());
  }

  const double quiet_;
  const fs::path folder_;
  const std::unique_ptr<store::Store> store_;
  SteadyWriter writer_;
};

std::vector<double> milliseconds(std::vector<double> seconds) {
  for (auto& one : seconds) one *= 1e3;
  return seconds;
}

Row row_of(const Figures& figures) {
  return {{"system", figures.system},
          {"longest_pause_ms", median(figures.pauses) * 1e3},
          {"pauses_ms", from_to(milliseconds(figures.pauses), 1)},
          {"copy_seconds", median(figures.seconds)},
          {"log_mb", static_cast<double>(figures.log_bytes) / 1e6}};
}

}  // namespace

Report backup(const Setting& setting) {
  const Seed seed = make_seed(setting.scratch, size_of(setting));
  Figures quiet{.system = "no backup"};
  Figures ours{.system = "control-center"};
  Figures snapshot{.system = "VACUUM INTO"};
  {
    Rounds rounds(setting, seed);
    for (int round = 0; round < setting.rounds; ++round) {
      rounds.quiet(quiet);
      rounds.ours(ours);
      rounds.one_snapshot(snapshot);
    }
  }
  Report report{
      .name = "backup",
      .rows = {row_of(quiet), row_of(ours), row_of(snapshot)},
      .goals = {},
      .notes = {"the same steady 5,000 changes a second are committed in all rounds; log_mb "
                "is how long the write-ahead log was when the copy was whole"},
      .noise = std::max(spread(quiet.pauses), spread(ours.pauses)),
      .plots = {}};
  if (!setting.brief) {
    report.goals.push_back(at_most("longest time without a commit, of that without a backup",
                                   1 + report.noise, median(ours.pauses) / median(quiet.pauses)));
  }
  return report;
}

}  // namespace cc::bench
