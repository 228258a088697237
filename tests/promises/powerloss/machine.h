#pragma once
// A machine that works on a database until its power goes, and what must hold when it is back.

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "store/store.h"
#include "store/testing/fault_vfs.h"
#include "store/testing/journal_fixtures.h"

namespace cc::powerloss {

/// What must hold and does not, in words.
struct Broken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// When the power of one life goes, counted from before the database is opened; 0: after its work.
struct Moment {
  std::uint64_t sync = 0;
  std::uint64_t write = 0;
};

/// What becomes of that which was not synced. Where only the process died, all of it is kept and
/// the machine's boot id stays.
struct Damage {
  unsigned kept_of_100 = 0;
  unsigned garbled_of_100 = 0;
  bool only_process = false;
};

struct Counts {
  std::uint64_t syncs = 0;
  std::uint64_t writes = 0;
};

class Machine {
 public:
  /// One seed is one sequence of transactions and one fate for every piece of a write.
  Machine(store::Durability durability, std::uint64_t seed);

  /// Opens the database, checks all that must hold of it, appends `events` entries in transactions,
  /// with checkpoints and retention between them, and stops, cleanly if asked to. Then, if not
  /// before, the power goes, and comes back. Throws Broken. Returns how much was synced and
  /// written.
  Counts live(std::size_t events, const Moment& moment, const Damage& damage, bool cleanly = false);
  /// Opens and checks it a last time, and goes on with it undisturbed.
  void check();

  [[nodiscard]] std::uint64_t acknowledged() const { return acknowledged_; }

 private:
  std::unique_ptr<store::Store> open();
  void work(store::Store& store, std::size_t events);
  void transact(store::Store& store, std::size_t entries);
  Result<void> fill(store::Transaction& transaction, std::size_t entries);
  void housekeep(store::Store& store, unsigned transaction);
  void lose_and_restore(const Damage& damage);

  void check_position(const store::Position& position) const;
  void check_journal(store::Store& store) const;
  void check_state(Seq head);
  void check_file();

  [[nodiscard]] std::string body(Seq seq) const;
  [[nodiscard]] unsigned percent();

  const store::Durability durability_;
  std::mt19937_64 random_;
  store::testing::ScratchFolder folder_;
  store::testing::FaultVfs disk_{"powerloss"};
  const std::filesystem::path file_ = folder_ / "control-center.db";

  int boot_ = 0;
  int life_ = 0;
  std::vector<int> written_in_{0};        // by number: the life that wrote the entry last
  std::map<std::string, Seq> published_;  // the newest entry that was reported of each epoch
  std::string epoch_;
  Seq acknowledged_ = 0;
  Seq trimmed_ = 0;
  bool may_lose_ = false;  // of what was reported until the next opening
};

}  // namespace cc::powerloss
