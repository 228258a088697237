#include "gateway/connection/backoff.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cc::gateway {
namespace {

using std::chrono::seconds;

Millis share(Millis of, int percent) {
  return of * percent / 100;
}

TEST(Backoff, DoublesUpToItsCapWithinAFifth) {
  Backoff backoff(seconds(1), seconds(30), 7);
  for (const int expected : {1, 2, 4, 8, 16, 30, 30, 30}) {
    const Millis wait = backoff.next();
    EXPECT_GE(wait, share(seconds(expected), 80) - Millis(1));
    EXPECT_LE(wait, share(seconds(expected), 120));
  }
}

TEST(Backoff, StartsAnewAfterReset) {
  Backoff backoff(seconds(1), seconds(30), 7);
  for (int i = 0; i < 5; ++i) (void)backoff.next();
  backoff.reset();
  EXPECT_LE(backoff.next(), share(seconds(1), 120));
  EXPECT_GE(backoff.next(), share(seconds(2), 80) - Millis(1));
}

TEST(Backoff, SpreadsClientsOfDifferentSeeds) {
  std::set<Millis> waits;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    waits.insert(Backoff(seconds(30), seconds(30), seed).next());
  }
  EXPECT_GT(waits.size(), 40U);
}

TEST(Backoff, TheSameSeedWaitsTheSame) {
  Backoff a(seconds(1), seconds(30), 3);
  Backoff b(seconds(1), seconds(30), 3);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(a.next(), b.next());
}

}  // namespace
}  // namespace cc::gateway
