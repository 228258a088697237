#include "store/sqlite/load_state.h"

#include <SQLiteCpp/Transaction.h>
#include <gmock/gmock.h>

#include "store/sqlite/schema.h"
#include "store/testing/journal_fixtures.h"

namespace cc::store {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr int kMany = 6'000;

std::string key_of(int row) {
  return "agent:main:" + std::to_string(100'000 + row);
}

/// Every third session is one of "rome", the others of "oslo".
std::string gateway_of(int row) {
  return row % 3 == 0 ? "rome" : "oslo";
}

class LoadState : public ::testing::Test {
 protected:
  LoadState() {
    use_write_ahead_log(db_, Durability::kRelaxed);
    migrate(db_);
  }

  void write(int sessions) {
    SQLite::Transaction all(db_);
    SQLite::Statement insert(db_, "INSERT INTO state VALUES(3, ?, ?, 1, ?)");
    for (int row = 0; row < sessions; ++row) {
      insert.bind(1, gateway_of(row));
      insert.bind(2, key_of(row));
      insert.bind(3,
                  testing::json_of(testing::make_session(gateway_of(row), key_of(row), "title")));
      insert.exec();
      insert.reset();
    }
    all.commit();
  }

  void damage(int row) {
    SQLite::Statement update(db_, "UPDATE state SET json = '{}' WHERE gateway = ? AND id = ?");
    update.bind(1, gateway_of(row));
    update.bind(2, key_of(row));
    ASSERT_EQ(update.exec(), 1);
  }

  Result<fleet::Fleet> load() { return load_state(db_, file_); }

  testing::ScratchFolder folder_;
  const DatabaseFile file_{folder_ / "control-center.db", {}};
  SQLite::Database db_ = [this] {
    EXPECT_TRUE(make_private_file(file_.path));
    return connect_writer(file_);
  }();
};

TEST_F(LoadState, OfNothingMakesAnEmptyFleet) {
  const auto fleet = load();
  ASSERT_TRUE(fleet);
  EXPECT_TRUE(fleet->shards().empty());
}

TEST_F(LoadState, PutsEveryRowBackHoweverManyThereAre) {
  for (const int count : {1, 255, 1'023, 1'024, 1'025, 1'300, kMany}) {
    db_.exec("DELETE FROM state");
    write(count);
    const auto fleet = load();
    ASSERT_TRUE(fleet) << fleet.error().message;
    EXPECT_EQ(fleet->session_count("rome") + fleet->session_count("oslo"),
              static_cast<std::size_t>(count));
    for (int row = 0; row < count; ++row) {
      ASSERT_TRUE(fleet->find<fleet::Session>(gateway_of(row), key_of(row)))
          << row << " of " << count;
    }
  }
}

// The readers meet somewhere else each time.
TEST_F(LoadState, PutsEachRowInOnceWhereverTheReadersMeet) {
  write(kMany);
  for (int turn = 0; turn < 20; ++turn) {
    const auto fleet = load();
    ASSERT_TRUE(fleet) << fleet.error().message;
    ASSERT_EQ(fleet->session_count("rome"), static_cast<std::size_t>((kMany + 2) / 3));
    ASSERT_EQ(fleet->session_count("oslo"), static_cast<std::size_t>(kMany - (kMany + 2) / 3));
    for (const auto& [name, shard] : fleet->shards()) {
      EXPECT_EQ(shard.sessions.order().size(), shard.sessions.size()) << name;
    }
  }
}

TEST_F(LoadState, NamesTheRowThatCannotBeReadWhereverItStands) {
  for (const int damaged : {0, kMany / 2, kMany - 2, kMany - 1}) {
    db_.exec("DELETE FROM state");
    write(kMany);
    damage(damaged);
    const auto fleet = load();
    ASSERT_FALSE(fleet);
    EXPECT_EQ(fleet.error().code, ErrorCode::kCorrupt);
    EXPECT_THAT(fleet.error().message,
                AllOf(HasSubstr(gateway_of(damaged)), HasSubstr(key_of(damaged))));
  }
}

TEST_F(LoadState, FailsWhereTheOtherEndCannotBeReached) {
  write(kMany);
  const auto fleet = load_state(db_, {folder_ / "nothing-here.db", {}});
  ASSERT_FALSE(fleet);
  EXPECT_EQ(fleet.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(fleet.error().message, HasSubstr("nothing-here.db"));
}

TEST_F(LoadState, NamesTheFirstOfSeveral) {
  write(kMany);
  for (const int damaged : {1, kMany - 1}) damage(damaged);  // of oslo the first and the last
  const auto fleet = load();
  ASSERT_FALSE(fleet);
  EXPECT_THAT(fleet.error().message, HasSubstr(key_of(1)));
}

}  // namespace
}  // namespace cc::store
