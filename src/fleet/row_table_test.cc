#include "fleet/row_table.h"

#include <map>
#include <random>

#include <gmock/gmock.h>

#include "fleet/rows.h"

namespace cc::fleet {
namespace {

std::shared_ptr<const Session> session(std::string key, Seq version) {
  auto row = std::make_shared<Session>();
  row->key = std::move(key);
  row->version = version;
  return row;
}

TEST(RowTable, FindsWhatWasPutLast) {
  RowTable<Session> table;
  table.put(session("a", 1));
  table.put(session("b", 2));
  table.put(session("a", 3));
  EXPECT_EQ(table.size(), 2U);
  EXPECT_EQ((*table.find("a"))->version, 3U);
  EXPECT_EQ((*table.find("b"))->version, 2U);
  EXPECT_EQ(table.find("c"), nullptr);
}

// The index looks at the rows' own text: a row that is replaced takes its text along.
TEST(RowTable, DoesNotLookAtRowsThatHaveLeft) {
  RowTable<Session> table;
  for (Seq version = 1; version <= 100; ++version) {
    table.put(session("a key too long to stand in the string itself", version));
  }
  EXPECT_EQ((*table.find("a key too long to stand in the string itself"))->version, 100U);
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
  for (const auto& row : table) held[row->key] = row->version;
  EXPECT_EQ(held, expected);
  for (const auto& [key, version] : expected) EXPECT_EQ((*table.find(key))->version, version);
  EXPECT_EQ(table.rows().size(), expected.size());
}

}  // namespace
}  // namespace cc::fleet
