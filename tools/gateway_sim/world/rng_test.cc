#include "gateway_sim/world/rng.h"

#include <set>

#include <gtest/gtest.h>

namespace cc::sim {
namespace {

// A seed must mean the same fleet on every machine and for ever, so these are SplitMix64's own.
TEST(Rng, DrawsWhatItsAlgorithmSays) {
  Rng rng(0);
  EXPECT_EQ(rng.next(), 0xE220A8397B1DCDAFU);
  EXPECT_EQ(rng.next(), 0x6E789E6AA1B965F4U);
  EXPECT_EQ(rng.next(), 0x06C45D188009454FU);
}

TEST(Rng, StaysBelowItsBoundAndReachesAllOfIt) {
  Rng rng(5);
  std::set<std::size_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(rng.below(7));
  EXPECT_EQ(seen, (std::set<std::size_t>{0, 1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(rng.below(1), 0U);
}

TEST(Rng, NeverAndAlwaysAreNoChances) {
  Rng rng(5);
  for (int i = 0; i < 500; ++i) {
    EXPECT_FALSE(rng.chance(0));
    EXPECT_TRUE(rng.chance(100));
  }
}

TEST(Rng, WritesUuidsOfVersion4) {
  Rng rng(5);
  const std::string id = rng.uuid();
  ASSERT_EQ(id.size(), 36U);
  EXPECT_EQ(id.find_first_not_of("0123456789abcdef-"), std::string::npos);
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) EXPECT_EQ(id[dash], '-');
  EXPECT_EQ(id[14], '4');
  EXPECT_NE(rng.uuid(), id);
}

}  // namespace
}  // namespace cc::sim
