// What a copy of a database in use is, and what it costs those who use it.

#include <SQLiteCpp/Database.h>
#include <gtest/gtest.h>

#include "store/sqlite/sqlite_store.h"
#include "store/testing/journal_fixtures.h"

namespace cc::store {
namespace {

constexpr std::size_t kMegabyte = 1U << 20U;

/// A journal of several parts, and in the state one session that is titled after the newest entry.
class SqliteBackup : public ::testing::Test {
 protected:
  SqliteBackup() {
    auto store = open_sqlite({.file = file_, .durability = Durability::kFull, .boot_id = "boot"});
    EXPECT_TRUE(store) << store.error().message;
    store_ = std::move(*store);
    for (int i = 0; i < 12; ++i) commit();
  }

  /// One entry of a megabyte, and the row that it changes.
  void commit() {
    auto transaction = std::move(*store_->begin());
    const Seq seq = transaction->next_seq();
    ASSERT_TRUE(transaction->append(testing::make_entry(seq, kMegabyte)));
    const auto row = testing::json_of(testing::make_session("default", "a", std::to_string(seq)));
    ASSERT_TRUE(transaction->put({.kind = fleet::Kind::kSession,
                                  .gateway = "default",
                                  .id = "a",
                                  .version = seq,
                                  .json = row}));
    ASSERT_TRUE(transaction->commit());
    ASSERT_TRUE(store_->maintain());
  }

  void trim_to(Seq oldest) {
    ASSERT_TRUE(store_->trim({.keep_since = static_cast<TimeMs>(oldest * 10)}, 1'000));
  }

  /// The copy holds an unbroken journal that ends where its rows stand.
  void expect_consistent(Seq oldest) {
    SQLite::Database copy(copy_.string());
    const auto number = [&](const char* sql) {
      return static_cast<Seq>(copy.execAndGet(sql).getInt64());
    };
    const auto head = number("SELECT max(seq) FROM journal");
    EXPECT_EQ(number("SELECT min(seq) FROM journal"), oldest);
    EXPECT_EQ(number("SELECT count(*) FROM journal"), head + 1 - oldest);
    EXPECT_EQ(number("SELECT version FROM state"), head);
    EXPECT_EQ(number("SELECT json ->> '$.title' FROM state"), head);
    EXPECT_EQ(copy.execAndGet("PRAGMA integrity_check").getString(), "ok");
    EXPECT_GE(head, 12U);
  }

  [[nodiscard]] std::uintmax_t log_bytes() const {
    return std::filesystem::file_size(file_.string() + "-wal");
  }

  testing::ScratchFolder folder_;
  const std::filesystem::path file_ = folder_ / "control-center.db";
  const std::filesystem::path copy_ = folder_ / "copy.db";
  std::unique_ptr<Store> store_;
};

TEST_F(SqliteBackup, CommitsGoOnInTheMiddleOfIt) {
  int parts = 0;
  const auto made = store_->back_up(copy_, {.progress = [&](std::uint64_t, std::uint64_t) {
                                      ++parts;
                                      commit();
                                    }});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_GT(parts, 5);
  EXPECT_EQ(store_->position().head, 12U + static_cast<Seq>(parts));
  expect_consistent(1);
}

// One snapshot for the whole copy made the log as long as what was written meanwhile, and one
// checkpoint had to take all of it.
TEST_F(SqliteBackup, TheLogStartsAnewMeanwhile) {
  std::uintmax_t longest = 0;
  int committed = 0;
  ASSERT_TRUE(store_->back_up(copy_, {.progress = [&](std::uint64_t, std::uint64_t) {
                                for (int i = 0; i < 5 && committed < 40; ++i, ++committed) commit();
                                longest = std::max(longest, log_bytes());
                              }}));
  EXPECT_EQ(committed, 40);
  EXPECT_LT(longest, 20 * kMegabyte);
}

TEST_F(SqliteBackup, RetentionThatOvertakesItLeavesNoHole) {
  bool trimmed = false;
  ASSERT_TRUE(store_->back_up(copy_, {.progress = [&](std::uint64_t, std::uint64_t) {
                                if (!std::exchange(trimmed, true)) trim_to(10);
                              }}));
  expect_consistent(10);
}

TEST_F(SqliteBackup, AnEmptyJournalIsCopiedToo) {
  trim_to(13);
  ASSERT_TRUE(store_->back_up(copy_, {}));
  SQLite::Database copy(copy_.string());
  EXPECT_EQ(copy.execAndGet("SELECT count(*) FROM journal").getInt(), 0);
  EXPECT_EQ(copy.execAndGet("SELECT value FROM meta WHERE key = 'trimmed_seq'").getInt(), 12);
}

TEST_F(SqliteBackup, OneThatIsGivenUpLeavesNothing) {
  std::stop_source stop;
  const auto made = store_->back_up(
      copy_, {.stop = stop.get_token(),
              .progress = [&](std::uint64_t, std::uint64_t) { stop.request_stop(); }});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::kCancelled);
  for (const auto& item : std::filesystem::directory_iterator(folder_ / "")) {
    EXPECT_FALSE(item.path().filename().string().starts_with("copy.db")) << item.path();
  }
}

TEST_F(SqliteBackup, TellsHowFarItIs) {
  std::uint64_t last = 0;
  std::uint64_t all = 0;
  ASSERT_TRUE(store_->back_up(copy_, {.progress = [&](std::uint64_t copied, std::uint64_t of) {
                                EXPECT_GE(copied, last);
                                last = copied;
                                all = of;
                              }}));
  EXPECT_GT(last, 12 * kMegabyte);
  EXPECT_NEAR(static_cast<double>(last), static_cast<double>(all), 0.1 * static_cast<double>(all));
}

}  // namespace
}  // namespace cc::store
