#include "fleet/state/row_table.h"

#include <map>
#include <random>

#include <gmock/gmock.h>

#include "fleet/rows/rows.h"

namespace cc::fleet {
namespace {

PackedSession::Pointer session(std::string key, Seq version) {
  SessionRow row;
  row.key = std::move(key);
  row.version = version;
  return PackedSession::make(row);
}

TEST(RowTable, FindsWhatWasPutLast) {
  RowTable<Session> table;
  table.put(session("a", 1));
  table.put(session("b", 2));
  table.put(session("a", 3));
  EXPECT_EQ(table.size(), 2U);
  EXPECT_EQ((*table.find("a"))->version(), 3U);
  EXPECT_EQ((*table.find("b"))->version(), 2U);
  EXPECT_EQ(table.find("c"), nullptr);
}

// The index looks at the rows' own text: a row that is replaced takes its text along.
TEST(RowTable, DoesNotLookAtRowsThatHaveLeft) {
  RowTable<Session> table;
  for (Seq version = 1; version <= 100; ++version) {
    table.put(session("a key too long to stand in the string itself", version));
  }
  EXPECT_EQ((*table.find("a key too long to stand in the string itself"))->version(), 100U);
}

TEST(RowTable, HoldsWhatAMapHoldsWhateverComes) {
  std::minstd_rand random(7);
  RowTable<Session> table;
  std::map<std::string, Seq> expected;
  for (Seq step = 1; step <= 20'000; ++step) {
    const std::string key = "agent:main:dashboard:" + std::to_string(random() % 300);
    if (random() % 3 == 0) {
      table.erase(key);
      expected.erase(key);
    } else {
      table.put(session(key, step));
      expected[key] = step;
    }
  }
  std::map<std::string, Seq> held;
  for (const auto& row : table) held[std::string(row->key())] = row->version();
  EXPECT_EQ(held, expected);
  for (const auto& [key, version] : expected) EXPECT_EQ((*table.find(key))->version(), version);
  EXPECT_EQ(table.rows().size(), expected.size());
}

TEST(RowTable, KnowsTheTimesWhateverComes) {
  std::minstd_rand random(5);
  RowTable<Session> table;
  for (int step = 0; step < 5'000; ++step) {
    SessionRow row;
    row.key = std::to_string(random() % 200);
    if (random() % 4 != 0) row.updated_at = static_cast<TimeMs>(random() % 1'000);
    if (random() % 3 == 0) {
      table.erase(row.key);
    } else {
      table.put(PackedSession::make(row));
    }
  }
  ASSERT_EQ(table.times().size(), table.size());
  for (std::size_t i = 0; i < table.size(); ++i) {
    EXPECT_EQ(table.times()[i], table.rows()[i]->updated_at().value_or(kNoTime)) << i;
  }
}

TEST(RowTable, KnowsTheOrderOfIdentitiesWhateverComes) {
  std::minstd_rand random(11);
  RowTable<Session> table;
  std::map<std::string, Seq> expected;
  for (int round = 0; round < 300; ++round) {
    const auto steps = random() % 40;  // few and many at a time
    for (unsigned step = 0; step < steps; ++step) {
      const std::string key = "agent:main:" + std::to_string(random() % 500);
      if (random() % 3 == 0) {
        table.erase(key);
        expected.erase(key);
      } else {
        table.put(session(key, 1));
        expected[key] = 1;
      }
    }
    table.restore_order();
    std::vector<std::string> ordered;
    for (const auto place : table.order()) ordered.emplace_back(table.rows()[place]->key());
    std::vector<std::string> sorted;
    for (const auto& [key, version] : expected) sorted.push_back(key);
    ASSERT_EQ(ordered, sorted) << round;
  }
}

}  // namespace
}  // namespace cc::fleet
