#include "store/sqlite/epoch_rules.h"

#include <gtest/gtest.h>

#include "store/sqlite/sqlite_store.h"
#include "store/testing/journal_fixtures.h"

namespace cc::store {
namespace {

constexpr bool kClean = true;
constexpr bool kUnclean = false;

struct Rule {
  const char* name;
  LastRun last;
  const char* boot_id;
  bool due;
};

LastRun last_run(Durability durability, bool cleanly, const char* boot_id = "one") {
  return {Epoch::parse("aaaaaaaa"), false, durability, boot_id, cleanly};
}

TEST(EpochRules, AreThoseOfTheContract) {
  LastRun restored = last_run(Durability::kFull, kClean);
  restored.restored = true;
  const std::vector<Rule> rules{
      {"new database", {}, "one", true},
      {"restored backup", restored, "one", true},
      {"full, killed", last_run(Durability::kFull, kUnclean), "one", false},
      {"full, machine restarted", last_run(Durability::kFull, kUnclean), "two", false},
      {"relaxed, killed", last_run(Durability::kRelaxed, kUnclean), "one", false},
      {"relaxed, stopped, machine restarted", last_run(Durability::kRelaxed, kClean), "two", false},
      {"relaxed, machine restarted", last_run(Durability::kRelaxed, kUnclean), "two", true},
      {"relaxed, this run cannot be told", last_run(Durability::kRelaxed, kUnclean), "", true},
      {"relaxed, neither can be told", last_run(Durability::kRelaxed, kUnclean, ""), "", true}};
  for (const auto& rule : rules) {
    EXPECT_EQ(needs_new_epoch(rule.last, rule.boot_id), rule.due) << rule.name;
  }
}

class EpochOfADatabase : public ::testing::Test {
 protected:
  std::unique_ptr<Store> open(Durability durability, std::string boot_id) {
    auto store = open_sqlite({.file = folder_ / "control-center.db",
                              .durability = durability,
                              .boot_id = std::move(boot_id)});
    EXPECT_TRUE(store) << store.error().message;
    return std::move(*store);
  }

  /// Opens, commits three entries and goes, cleanly or not; returns the epoch.
  Epoch run(Durability durability, std::string boot_id, bool cleanly) {
    const auto store = open(durability, std::move(boot_id));
    testing::commit(*store, 3);
    if (cleanly) {
      EXPECT_TRUE(store->close_cleanly());
    }
    return store->position().epoch;
  }

  testing::ScratchFolder folder_;
};

TEST_F(EpochOfADatabase, StaysInFullWhateverHappens) {
  const Epoch first = run(Durability::kFull, "one", kUnclean);
  EXPECT_EQ(run(Durability::kFull, "two", kUnclean), first);
  EXPECT_EQ(run(Durability::kFull, "three", kClean), first);
}

TEST_F(EpochOfADatabase, ChangesInRelaxedWhenTheMachineWentDown) {
  const Epoch first = run(Durability::kRelaxed, "one", kUnclean);
  EXPECT_EQ(run(Durability::kRelaxed, "one", kUnclean), first);
  const Epoch second = run(Durability::kRelaxed, "two", kClean);
  EXPECT_NE(second, first);
  EXPECT_EQ(run(Durability::kRelaxed, "three", kClean), second);
}

TEST_F(EpochOfADatabase, TheDoubtOutlivesAChangeToFull) {
  const Epoch first = run(Durability::kRelaxed, "one", kUnclean);
  const Epoch second = run(Durability::kFull, "two", kUnclean);
  EXPECT_NE(second, first);
  EXPECT_EQ(run(Durability::kFull, "three", kUnclean), second);
  // The run before this one was full: nothing of it can be lost.
  EXPECT_EQ(run(Durability::kRelaxed, "four", kUnclean), second);
}

TEST_F(EpochOfADatabase, NumbersGoOnAndOldEntriesAreNobodysToSee) {
  run(Durability::kRelaxed, "one", kUnclean);
  const auto store = open(Durability::kRelaxed, "two");
  EXPECT_EQ(store->position().head, 3U);
  EXPECT_EQ(store->position().oldest, 4U);
  EXPECT_EQ(store->position().last_at, 30);
  EXPECT_TRUE(testing::read_page(*store, 0).entries.empty());
  testing::commit(*store, 2);
  EXPECT_EQ(testing::numbers(testing::read_page(*store, 0)), testing::run_of(4, 5));
  // Retention takes them in the same order as ever.
  EXPECT_EQ(store->trim({.keep_since = 25}, 100), 2U);
  EXPECT_EQ(store->position().oldest, 4U);
  EXPECT_EQ(store->trim({.keep_since = 45}, 100), 2U);
  EXPECT_EQ(store->position().oldest, 5U);
}

TEST_F(EpochOfADatabase, ACommitTakesTheNoteOfACleanStopBack) {
  Epoch first = Epoch::draw();
  {
    const auto store = open(Durability::kRelaxed, "one");
    first = store->position().epoch;
    ASSERT_TRUE(store->close_cleanly());
    testing::commit(*store, 1);
  }
  EXPECT_NE(run(Durability::kRelaxed, "two", kClean), first);
}

TEST_F(EpochOfADatabase, ABackupsMarkIsTakenOffByTheFirstOpening) {
  {
    const auto store = open(Durability::kFull, "one");
    testing::commit(*store, 1);
    ASSERT_TRUE(store->back_up(folder_ / "copy.db", {}));
  }
  std::filesystem::rename(folder_ / "copy.db", folder_ / "control-center.db");
  std::filesystem::remove(folder_ / "control-center.db-wal");
  const Epoch restored = run(Durability::kFull, "one", kClean);
  EXPECT_EQ(run(Durability::kFull, "one", kClean), restored);
}

}  // namespace
}  // namespace cc::store
