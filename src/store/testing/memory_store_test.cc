#include "store/testing/memory_store.h"

#include <gtest/gtest.h>

#include "store/testing/journal_fixtures.h"

namespace cc::store {
namespace {

TEST(MemoryStore, FailsCommitsOnDemandAndRecovers) {
  std::atomic<bool> failing = false;
  const auto store = make_memory_store(&failing);
  testing::commit(*store, 2);
  failing = true;
  const auto failed = testing::try_commit(*store, 1);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(store->position().head, 2U);
  failing = false;
  testing::commit(*store, 1);
  EXPECT_EQ(testing::numbers(testing::read_page(*store, 0)), testing::run_of(1, 3));
}

TEST(MemoryStore, EachIsOfAnEpochOfItsOwn) {
  EXPECT_NE(make_memory_store()->position().epoch, make_memory_store()->position().epoch);
}

}  // namespace
}  // namespace cc::store
