#include "store/sqlite/checkpointer.h"

#include <atomic>
#include <thread>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <gtest/gtest.h>

#include "store/sqlite/sqlite_store.h"
#include "store/testing/journal_fixtures.h"

namespace cc::store {
namespace {

constexpr std::uintmax_t kMiB = 1U << 20U;

class WriteAheadLog : public ::testing::Test {
 protected:
  WriteAheadLog() : store_(open()) {}

  std::unique_ptr<Store> open() {
    auto store =
        open_sqlite({.file = file_, .durability = Durability::kRelaxed, .boot_id = "boot"});
    EXPECT_TRUE(store) << store.error().message;
    return std::move(*store);
  }

  void commit_mebibytes(int count) {
    for (int i = 0; i < count; ++i) {
      testing::commit(*store_, 8, 128 * 1024);
      const auto maintained = store_->maintain();
      ASSERT_TRUE(maintained) << maintained.error().message;
    }
  }

  std::uintmax_t log_size() { return std::filesystem::file_size(file_.string() + "-wal"); }

  testing::ScratchFolder folder_;
  const std::filesystem::path file_ = folder_ / "control-center.db";
  std::unique_ptr<Store> store_;
};

TEST_F(WriteAheadLog, StaysSmallWhileReadersComeAndGo) {
  auto reader = store_->open_reader();
  ASSERT_TRUE(reader);
  Seq seen = 0;
  for (int i = 0; i < 10; ++i) {
    commit_mebibytes(6);
    const auto page = (*reader)->read_after(seen, 40, testing::kNoLimit);
    ASSERT_TRUE(page);
    seen = page->entries.back().seq;
  }
  EXPECT_LT(log_size(), 8 * kMiB);
  EXPECT_GT(std::filesystem::file_size(file_), 55 * kMiB);
}

TEST_F(WriteAheadLog, IsCutOnceAReaderThatHeldItHasGone) {
  {
    SQLite::Database holder(file_.string());
    SQLite::Statement snapshot(holder, "SELECT count(*) FROM journal");
    holder.exec("BEGIN");
    snapshot.executeStep();
    commit_mebibytes(80);
    EXPECT_GT(log_size(), 64 * kMiB);
  }
  commit_mebibytes(6);
  EXPECT_LT(log_size(), 17 * kMiB);
}

/// Each reading begins before the one before it ends, so that at no moment nobody reads.
void read_without_a_break(const std::filesystem::path& file, const std::atomic<bool>& enough) {
  struct Reading {
    explicit Reading(const std::filesystem::path& path)
        : db(path.string()), first(db, "SELECT at FROM journal LIMIT 1") {}
    SQLite::Database db;
    SQLite::Statement first;
  };
  Reading one(file);
  Reading other(file);
  one.first.executeStep();
  for (bool first = true; !enough; first = !first) {
    (first ? other : one).first.executeStep();
    (first ? one : other).first.reset();
  }
}

TEST_F(WriteAheadLog, IsCutInSpiteOfReadersThatNeverPauseTogether) {
  commit_mebibytes(1);
  std::atomic<bool> enough = false;
  std::thread reading([&] { read_without_a_break(file_, enough); });
  commit_mebibytes(160);
  enough = true;
  reading.join();
  EXPECT_LT(log_size(), 90 * kMiB);
}

TEST_F(WriteAheadLog, IsEmptyAfterACleanStop) {
  testing::commit(*store_, 10, 1000);
  EXPECT_GT(log_size(), 0U);
  ASSERT_TRUE(store_->close_cleanly());
  EXPECT_EQ(log_size(), 0U);
  EXPECT_EQ(testing::read_page(*store_, 0).entries.size(), 10U);
}

class JournalSize : public WriteAheadLog {
 protected:
  /// Opens again and finds out how much is kept, by what retention would take.
  void expect_bytes(std::uint64_t bytes) {
    store_.reset();
    store_ = open();
    EXPECT_EQ(store_->trim({.keep_bytes = bytes}, 1000), 0U);
    EXPECT_EQ(store_->trim({.keep_bytes = bytes - 1}, 1000), 1U);
  }
};

TEST_F(JournalSize, IsKnownAgainAfterEachOpening) {
  // More than is written between two notes of the size, so that a note and what came after it are
  // added up.
  for (int i = 0; i < 11; ++i) testing::commit(*store_, 10, 100'000);
  expect_bytes(11'000'000);
  EXPECT_EQ(store_->trim({.keep_bytes = 5'000'000}, 1000), 59U);
  expect_bytes(5'000'000);
  testing::commit(*store_, 1, 100'000);
  ASSERT_TRUE(store_->close_cleanly());
  expect_bytes(5'000'000);
}

}  // namespace
}  // namespace cc::store
