// What can stand where the database should be, and who may have it.

#include <fstream>

#include <SQLiteCpp/Database.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "store/sqlite/schema.h"
#include "store/sqlite/sqlite_store.h"
#include "store/testing/journal_fixtures.h"

namespace cc::store {
namespace {

using ::testing::HasSubstr;

class SqliteOpen : public ::testing::Test {
 protected:
  Result<std::unique_ptr<Store>> try_open() {
    return open_sqlite({.file = file_, .durability = Durability::kFull, .boot_id = "boot"});
  }

  std::unique_ptr<Store> open() {
    auto store = try_open();
    EXPECT_TRUE(store) << store.error().message;
    return std::move(*store);
  }

  /// Opens it, expecting a refusal in a sentence that names the file.
  ErrorCode refusal() {
    const auto store = try_open();
    EXPECT_FALSE(store);
    EXPECT_THAT(store.error().message, HasSubstr(file_.string()));
    return store.error().code;
  }

  void change(const std::string& sql) {
    SQLite::Database(file_.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(sql);
  }

  std::string bytes() {
    std::ifstream in(file_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  void overwrite(const std::string& content) { std::ofstream(file_, std::ios::binary) << content; }

  unsigned mode(const std::string& suffix) {
    struct stat status{};
    EXPECT_EQ(::stat((file_.string() + suffix).c_str(), &status), 0) << suffix;
    return status.st_mode & 0777U;
  }

  testing::ScratchFolder folder_;
  const std::filesystem::path file_ = folder_ / "control-center.db";
};

TEST_F(SqliteOpen, MakesFilesThatOnlyTheirOwnerMayRead) {
  const mode_t before = ::umask(0);
  const auto store = open();
  testing::commit(*store, 1);
  const auto reader = store->open_reader();
  ASSERT_TRUE(store->back_up(folder_ / "copy.db", {}));
  ::umask(before);
  for (const char* suffix : {"", "-wal", "-shm", "-lock"}) EXPECT_EQ(mode(suffix), 0600U) << suffix;
  struct stat copy{};
  ASSERT_EQ(::stat((folder_ / "copy.db").c_str(), &copy), 0);
  EXPECT_EQ(copy.st_mode & 0777U, 0600U);
}

TEST_F(SqliteOpen, ABackupIsOneFileAndNothingBesideIt) {
  const auto store = open();
  testing::commit(*store, 1);
  ASSERT_TRUE(store->back_up(folder_ / "copy.db", {}));
  ASSERT_FALSE(store->back_up(folder_ / "no such folder" / "copy.db", {}));
  std::vector<std::string> names;
  for (const auto& item : std::filesystem::directory_iterator(folder_ / "")) {
    if (item.path().filename().string().starts_with("copy.db"))
      names.push_back(item.path().filename());
  }
  EXPECT_THAT(names, ::testing::ElementsAre("copy.db"));
}

// An empty body threw out of the thread that serves streams.
TEST_F(SqliteOpen, AnEntryThatIsNoObjectIsAnErrorOfItsReader) {
  for (const char* body : {"", "[]", "1"}) {
    {
      const auto store = open();
      testing::commit(*store, 1);
    }
    change("UPDATE journal SET body = '" + std::string(body) + "'");
    const auto store = open();
    const auto page = (*store->open_reader())->read_after(0, 10, testing::kNoLimit);
    ASSERT_FALSE(page) << body;
    EXPECT_EQ(page.error().code, ErrorCode::kCorrupt);
    EXPECT_THAT(page.error().message, HasSubstr(file_.string()));
  }
}

TEST_F(SqliteOpen, ASecondStoreIsRefusedAndTheFirstGoesOn) {
  const auto store = open();
  EXPECT_EQ(refusal(), ErrorCode::kInUse);
  testing::commit(*store, 1);
  EXPECT_EQ(testing::read_page(*store, 0).entries.size(), 1U);
}

TEST_F(SqliteOpen, ASecondStoreByAnotherNameIsRefusedToo) {
  const auto store = open();
  std::filesystem::create_symlink(file_, folder_ / "link.db");
  const auto other = open_sqlite(
      {.file = folder_ / "link.db", .durability = Durability::kFull, .boot_id = "boot"});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::kInUse);
}

TEST_F(SqliteOpen, AnotherProcessIsRefused) {
  const auto store = open();
  const pid_t child = ::fork();
  if (child == 0) {
    const auto second = try_open();
    ::_exit(!second && second.error().code == ErrorCode::kInUse ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST_F(SqliteOpen, AProcessThatWasKilledLeavesWhatItCommitted) {
  const pid_t child = ::fork();
  if (child == 0) {
    auto store = try_open();
    if (!store) ::_exit(1);
    for (int i = 0; i < 5; ++i) testing::commit(**store, 2);
    auto unfinished = (*store)->begin();
    if (!(*unfinished)->append(testing::make_entry(11))) ::_exit(2);
    ::raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  const auto store = open();
  EXPECT_EQ(testing::numbers(testing::read_page(*store, 0)), testing::run_of(1, 10));
}

TEST_F(SqliteOpen, ANewerSchemaIsLeftAsItIs) {
  open().reset();
  change("PRAGMA user_version=" + std::to_string(kSchemaVersion + 1));
  const std::string before = bytes();
  EXPECT_EQ(refusal(), ErrorCode::kNewerSchema);
  EXPECT_EQ(bytes(), before);
}

TEST_F(SqliteOpen, AnotherProgramsDatabaseIsLeftAsItIs) {
  change("CREATE TABLE theirs(a); INSERT INTO theirs VALUES(1)");
  const std::string before = bytes();
  EXPECT_EQ(refusal(), ErrorCode::kCorrupt);
  EXPECT_EQ(bytes(), before);
  change("PRAGMA application_id=77");
  EXPECT_EQ(refusal(), ErrorCode::kCorrupt);
}

TEST_F(SqliteOpen, AFileThatIsNoDatabaseIsLeftAsItIs) {
  const std::string letter(5000, 'x');
  overwrite(letter);
  EXPECT_EQ(refusal(), ErrorCode::kCorrupt);
  EXPECT_EQ(bytes(), letter);
}

TEST_F(SqliteOpen, AnEmptyFileIsANewDatabase) {
  overwrite("");
  EXPECT_EQ(open()->position().head, 0U);
}

TEST_F(SqliteOpen, AMissingTableIsDamage) {
  open().reset();
  change("DROP TABLE journal");
  EXPECT_EQ(refusal(), ErrorCode::kCorrupt);
}

TEST_F(SqliteOpen, DamagedPagesAreDamageAndNeverACrash) {
  {
    const auto store = open();
    testing::commit(*store, 500, 500);
    ASSERT_TRUE(store->close_cleanly());
  }
  std::string content = bytes();
  for (std::size_t i = 8192; i < content.size(); ++i) content[i] = static_cast<char>(i * 31);
  overwrite(content);
  EXPECT_EQ(refusal(), ErrorCode::kCorrupt);
}

TEST_F(SqliteOpen, ADamagedJournalPageIsReportedToTheReader) {
  {
    const auto store = open();
    testing::commit(*store, 2000, 500);
    ASSERT_TRUE(store->close_cleanly());
  }
  std::string content = bytes();
  const std::size_t middle = content.size() / 2 / 8192 * 8192;
  std::fill_n(content.begin() + static_cast<std::ptrdiff_t>(middle), 8192, '\x7F');
  overwrite(content);
  const auto store = open();
  auto reader = store->open_reader();
  ASSERT_TRUE(reader);
  EXPECT_EQ((*reader)->read_after(0, 2000, testing::kNoLimit).error().code, ErrorCode::kCorrupt);
}

TEST_F(SqliteOpen, AFolderThatIsNotThereIsUnavailable) {
  const auto store = open_sqlite(
      {.file = folder_ / "none" / "a.db", .durability = Durability::kFull, .boot_id = ""});
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, ErrorCode::kUnavailable);
}

TEST_F(SqliteOpen, AFolderInItsPlaceIsUnavailable) {
  std::filesystem::create_directory(file_);
  EXPECT_EQ(refusal(), ErrorCode::kUnavailable);
}

/// A database that somebody prepared must not run anything of its own.
TEST_F(SqliteOpen, ADatabaseThatWasMovedAwayTakesNothingUntilItIsBack) {
  const auto store = open();
  testing::commit(*store, 2);
  const auto elsewhere = folder_ / "elsewhere.db";
  std::filesystem::rename(file_, elsewhere);
  const auto refused = testing::try_commit(*store, 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(refused.error().message, HasSubstr("moved or deleted"));
  std::filesystem::rename(elsewhere, file_);
  testing::commit(*store, 1);
  EXPECT_EQ(store->position().head, 3U);
}

// The program went on with a log that had no name any more, and after kill -9 all was lost.
TEST_F(SqliteOpen, ALogThatWasUnlinkedIsNoticedAndWhatItHeldIsSaved) {
  auto store = open();
  testing::commit(*store, 2);
  ASSERT_TRUE(store->check_files());
  std::filesystem::remove(file_.string() + "-wal");
  const auto checked = store->check_files();
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(checked.error().message, HasSubstr("-wal was moved or deleted"));
  EXPECT_EQ(testing::try_commit(*store, 1).error().code, ErrorCode::kUnavailable);
  // Killed here, the next start finds what the file alone holds.
  const auto left = folder_ / "left.db";
  std::filesystem::copy_file(file_, left);
  const auto next = open_sqlite({.file = left, .durability = Durability::kFull, .boot_id = "boot"});
  ASSERT_TRUE(next) << next.error().message;
  EXPECT_EQ((*next)->position().head, 2U);
}

TEST_F(SqliteOpen, ALogThatIsPutBackIsGoneOnWith) {
  const auto store = open();
  testing::commit(*store, 2);
  const auto log = file_.string() + "-wal";
  std::filesystem::rename(log, folder_ / "away");
  EXPECT_FALSE(store->check_files());
  std::filesystem::rename(folder_ / "away", log);
  EXPECT_TRUE(store->check_files());
  testing::commit(*store, 1);
}

TEST_F(SqliteOpen, AHardLinkOfARunningDatabaseIsNotOpenedASecondTime) {
  const auto running = open();
  const auto link = folder_ / "link.db";
  std::filesystem::create_hard_link(file_, link);
  const auto second =
      open_sqlite({.file = link, .durability = Durability::kFull, .boot_id = "boot"});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(second.error().message, HasSubstr("hard link"));
  testing::commit(*running, 1);
}

TEST_F(SqliteOpen, APlantedTriggerIsNotRun) {
  open().reset();
  change("CREATE TRIGGER planted AFTER INSERT ON journal BEGIN DELETE FROM journal; END");
  const auto store = open();
  testing::commit(*store, 3);
  EXPECT_EQ(testing::read_page(*store, 0).entries.size(), 3U);
}

}  // namespace
}  // namespace cc::store
