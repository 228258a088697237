// A disk that is full, fails, or loses power.

#include <random>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/sqlite/sqlite_store.h"
#include "store/testing/fault_vfs.h"
#include "store/testing/journal_fixtures.h"

namespace cc::store {
namespace {

using ::testing::HasSubstr;

class SqliteFault : public ::testing::Test {
 protected:
  std::unique_ptr<Store> open(Durability durability = Durability::kFull,
                              std::string boot_id = "boot") {
    auto store = open_sqlite({.file = file_,
                              .durability = durability,
                              .boot_id = std::move(boot_id),
                              .vfs = disk_.name()});
    EXPECT_TRUE(store) << store.error().message;
    return store ? std::move(*store) : nullptr;
  }

  std::string integrity() {
    SQLite::Database db(file_.string());
    return db.execAndGet("PRAGMA integrity_check").getString();
  }

  testing::FaultVfs disk_{"fault"};
  testing::ScratchFolder folder_;
  const std::filesystem::path file_ = folder_ / "control-center.db";
};

TEST_F(SqliteFault, AFullDiskRefusesTheCommitAndNothingElse) {
  const auto store = open();
  testing::commit(*store, 3);
  disk_.fail_writes(SQLITE_FULL);
  for (int i = 0; i < 3; ++i) {
    const auto refused = testing::try_commit(*store, 2);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
    EXPECT_THAT(refused.error().message, HasSubstr("disk is full"));
  }
  EXPECT_EQ(store->position().head, 3U);
  EXPECT_EQ(testing::numbers(testing::read_page(*store, 0)), testing::run_of(1, 3));

  disk_.fail_writes(SQLITE_OK);
  testing::commit(*store, 2);
  EXPECT_EQ(testing::numbers(testing::read_page(*store, 0)), testing::run_of(1, 5));
}

TEST_F(SqliteFault, ATransactionLargerThanTheCacheFailsAsAWhole) {
  const auto store = open();
  testing::commit(*store, 1);
  disk_.fail_writes(SQLITE_FULL);
  auto transaction = store->begin();
  ASSERT_TRUE(transaction);
  Result<void> outcome;
  // The cache spills into the log, so that the failure comes in the middle of it.
  while (outcome && (*transaction)->next_seq() < 400) {
    outcome = (*transaction)->append(testing::make_entry((*transaction)->next_seq(), 100'000));
  }
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::kUnavailable);
  disk_.fail_writes(SQLITE_OK);
  EXPECT_EQ((*transaction)->append(testing::make_entry((*transaction)->next_seq())).error(),
            outcome.error());
  EXPECT_EQ((*transaction)->put({fleet::Kind::kAgent, "a", "b", 1, "{}"}).error(), outcome.error());
  EXPECT_EQ((*transaction)->commit().error(), outcome.error());
  transaction->reset();
  EXPECT_EQ(store->position().head, 1U);
  testing::commit(*store, 1);
  EXPECT_EQ(testing::numbers(testing::read_page(*store, 0)), testing::run_of(1, 2));
}

TEST_F(SqliteFault, AFailedSyncRefusesTheCommit) {
  const auto store = open();
  testing::commit(*store, 1);
  disk_.fail_syncs(SQLITE_IOERR_FSYNC);
  const auto refused = testing::try_commit(*store, 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(refused.error().message, HasSubstr("I/O error"));
  EXPECT_EQ(testing::numbers(testing::read_page(*store, 0)), testing::run_of(1, 1));
  disk_.fail_syncs(SQLITE_OK);
  testing::commit(*store, 1);
  EXPECT_EQ(store->position().head, 2U);
}

TEST_F(SqliteFault, RetentionAndHousekeepingFailAndGoOnLater) {
  const auto store = open();
  testing::commit(*store, 30, 200'000);
  disk_.fail_writes(SQLITE_IOERR_WRITE);
  EXPECT_EQ(store->trim({.keep_since = 55}, 100).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(store->maintain().error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(store->close_cleanly().error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(store->position().oldest, 1U);
  disk_.fail_writes(SQLITE_OK);
  EXPECT_EQ(store->trim({.keep_since = 55}, 100), 5U);
  EXPECT_TRUE(store->maintain());
  EXPECT_TRUE(store->close_cleanly());
  EXPECT_EQ(testing::numbers(testing::read_page(*store, 0)), testing::run_of(6, 30));
}

TEST_F(SqliteFault, ABackupThatFailsLeavesNothingBehind) {
  const auto store = open();
  testing::commit(*store, 3);
  const auto files = [&] {
    return std::ranges::distance(std::filesystem::directory_iterator(folder_ / ""));
  };
  const auto before = files();
  disk_.fail_writes(SQLITE_FULL);
  EXPECT_EQ(store->back_up(folder_ / "copy.db", {}).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(files(), before);
  disk_.fail_writes(SQLITE_OK);
  EXPECT_TRUE(store->back_up(folder_ / "copy.db", {}));
}

TEST_F(SqliteFault, AnotherProgramsLockIsUnavailableUntilItIsGone) {
  const auto store = open();
  testing::commit(*store, 1);
  {
    SQLite::Database other(file_.string(), SQLite::OPEN_READWRITE);
    other.exec("BEGIN IMMEDIATE");
    EXPECT_EQ(testing::try_commit(*store, 1).error().code, ErrorCode::kUnavailable);
    other.exec("ROLLBACK");
  }
  testing::commit(*store, 1);
  EXPECT_EQ(store->position().head, 2U);
}

/// A run of the writer in which everything happens that syncs: commits, checkpoints and retention.
/// The power goes at its end, if not before; `acknowledged` is the last entry whose commit was
/// reported.
class PowerLoss : public SqliteFault {
 protected:
  void work(Durability durability, bool cleanly) {
    acknowledged_ = 0;
    trimmed_ = 0;
    auto store = open_sqlite(
        {.file = file_, .durability = durability, .boot_id = "one", .vfs = disk_.name()});
    if (!store) return;
    epoch_ = (*store)->position().epoch;
    for (int i = 0; i < 24 && disk_.has_power(); ++i) {
      if (testing::try_commit(**store, 2, 200'000)) acknowledged_ = (*store)->position().head;
      [[maybe_unused]] const auto maintained = (*store)->maintain();
      if (i % 6 == 5 && (*store)->trim({.keep_since = (i - 3) * 20}, 100)) {
        trimmed_ = (*store)->position().oldest - 1;
      }
    }
    if (cleanly) {
      [[maybe_unused]] const auto closed = (*store)->close_cleanly();
    }
    disk_.lose_power();
  }

  void remove_database() {
    for (const char* suffix : {"", "-wal", "-shm", "-lock"}) {
      std::filesystem::remove(file_.string() + suffix);
    }
  }

  /// What is there after the crash: whole, in order, to the byte.
  void expect_sound(const Store& opened, const JournalPage& page) {
    EXPECT_EQ(opened.position().head, page.position.head);
    EXPECT_EQ(page.entries.size(), page.position.head + 1 - page.position.oldest);
    Seq expected = page.position.oldest;
    for (const auto& entry : page.entries) {
      ASSERT_EQ(entry.seq, expected++);
      ASSERT_EQ(entry.body, testing::body_of(entry.seq, 200'000));
    }
    EXPECT_EQ(page.position.head % 2, 0U) << "half a transaction";
  }

  Seq acknowledged_ = 0;
  Seq trimmed_ = 0;
  std::optional<Epoch> epoch_;
  const unsigned seed_ = std::random_device{}();
  std::mt19937 random_{seed_};
};

TEST_F(PowerLoss, AtEverySyncLosesNothingThatWasAcknowledged) {
  work(Durability::kFull, true);
  disk_.restore_power([] { return testing::Fate::kKept; });
  const std::uint64_t syncs = disk_.syncs();
  ASSERT_GT(syncs, 28U) << "there should be commits and checkpoints among them";
  for (std::uint64_t at = 1; at <= syncs; ++at) {
    // Once all that was not synced is gone, once any half of it.
    for (const bool torn : {false, true}) {
      SCOPED_TRACE("power lost at sync " + std::to_string(at) +
                   (torn ? ", torn, seed " + std::to_string(seed_) : ""));
      remove_database();
      epoch_.reset();
      disk_.lose_power_at_sync(disk_.syncs() + at);
      work(Durability::kFull, true);
      disk_.restore_power(
          [&] { return torn && random_() % 2 == 0 ? testing::Fate::kKept : testing::Fate::kLost; });

      const auto store = open(Durability::kFull, "two");
      ASSERT_NE(store, nullptr);
      EXPECT_GE(store->position().head, acknowledged_);
      EXPECT_GT(store->position().oldest, trimmed_);
      if (acknowledged_ > 0) {
        EXPECT_EQ(store->position().epoch, *epoch_);
      }
      expect_sound(*store, testing::read_page(*store, 0));
      testing::commit(*store, 1);
      ASSERT_EQ(integrity(), "ok");
    }
  }
}

TEST_F(PowerLoss, InRelaxedLosesCommitsAndThenTheEpochIsAnother) {
  work(Durability::kRelaxed, false);
  disk_.restore_power([] { return testing::Fate::kLost; });
  const auto store = open(Durability::kRelaxed, "two");
  ASSERT_NE(store, nullptr);
  EXPECT_LT(store->position().head, acknowledged_) << "the disk did not forget what it should";
  EXPECT_NE(store->position().epoch, *epoch_);
  EXPECT_EQ(store->position().oldest, store->position().head + 1);
  EXPECT_EQ(integrity(), "ok");
}

TEST_F(PowerLoss, AfterACleanStopLosesNothingInRelaxedEither) {
  Epoch epoch = Epoch::draw();
  {
    const auto store = open(Durability::kRelaxed, "one");
    epoch = store->position().epoch;
    testing::commit(*store, 1, 5U << 20U);
    ASSERT_TRUE(store->maintain());
    // A reader of what is all in the database now keeps the last checkpoint from syncing anything.
    SQLite::Database holder(file_.string());
    SQLite::Statement snapshot(holder, "SELECT key FROM meta");
    snapshot.executeStep();
    testing::commit(*store, 5);
    ASSERT_TRUE(store->close_cleanly());
    disk_.lose_power();
  }
  disk_.restore_power([] { return testing::Fate::kLost; });
  const auto store = open(Durability::kRelaxed, "two");
  EXPECT_EQ(store->position().head, 6U);
  EXPECT_EQ(store->position().epoch, epoch);
}

}  // namespace
}  // namespace cc::store
