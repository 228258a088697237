#include "store/load_state.h"

#include <gmock/gmock.h>

#include "store/testing/journal_fixtures.h"

namespace cc::store {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr int kManyRows = 6'000;  // with titles of a kilobyte: several chunks

std::string key_of(int row) {
  return "agent:main:" + std::to_string(100'000 + row);
}

void add(StateLoader& loader, const std::string& gateway, int row, int damaged) {
  const std::string key = key_of(row);
  const std::string json =
      testing::json_of(testing::make_session(gateway, key, std::string(1'000, 'x')));
  loader.add(fleet::Table::kSessions, gateway, key, row == damaged ? "{}" : json);
}

TEST(StateLoader, PutsEveryRowBack) {
  StateLoader loader;
  for (int row = 0; row < kManyRows; ++row) add(loader, row % 3 == 0 ? "rome" : "oslo", row, -1);
  const auto fleet = loader.finish();
  ASSERT_TRUE(fleet) << fleet.error().message;
  EXPECT_EQ(fleet->shard("rome")->sessions.size() + fleet->shard("oslo")->sessions.size(),
            static_cast<std::size_t>(kManyRows));
  for (int row = 0; row < kManyRows; ++row) {
    const auto held = fleet->session(row % 3 == 0 ? "rome" : "oslo", key_of(row));
    ASSERT_TRUE(held) << row;
    EXPECT_EQ(held->title->size(), 1'000U);
  }
}

TEST(StateLoader, NamesTheRowThatCannotBeReadWhereverItStands) {
  for (const int damaged : {0, kManyRows / 2, kManyRows - 1}) {
    StateLoader loader;
    for (int row = 0; row < kManyRows; ++row) add(loader, "rome", row, damaged);
    const auto fleet = loader.finish();
    ASSERT_FALSE(fleet);
    EXPECT_EQ(fleet.error().code, ErrorCode::kCorrupt);
    EXPECT_THAT(fleet.error().message, AllOf(HasSubstr("rome"), HasSubstr(key_of(damaged))));
  }
}

TEST(StateLoader, OfNothingMakesAnEmptyFleet) {
  StateLoader loader;
  EXPECT_TRUE(loader.finish()->shards().empty());
}

}  // namespace
}  // namespace cc::store
