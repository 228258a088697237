#include "stream/ring.h"

#include <gtest/gtest.h>

#include "stream/testing/fake_journal.h"

namespace cc::stream {
namespace {

using testing::FakeJournal;
using testing::test_epoch;

class RingTest : public ::testing::Test {
 protected:
  Ring make(std::size_t entries, std::size_t bytes) const {
    return Ring({entries, bytes}, Cursor{test_epoch(), 0});
  }
  void commit(Ring& ring, std::size_t count, std::size_t padding = 0) {
    std::vector<journal::Entry> entries;
    for (std::size_t i = 0; i < count; ++i) {
      entries.push_back(journal_.append("default", fleet::EventKind::kSessionUpdate, padding));
    }
    ring.append(encode_entries(entries, test_epoch()), test_epoch());
  }
  /// The numbers that a reader at `after` gets, slice by slice; nullopt where the ring does not
  /// reach back.
  static std::optional<Seq> through(const Ring& ring, Seq after, const Filter& filter = {}) {
    Slice slice(after, filter, true);
    if (!ring.fill(after, slice)) return std::nullopt;
    return slice.through();
  }

  FakeJournal journal_;
};

TEST_F(RingTest, BeginsWhereTheJournalStood) {
  const Ring ring({10, 1000}, Cursor{test_epoch(), 42});
  EXPECT_EQ(ring.head().seq, 42U);
  EXPECT_EQ(through(ring, 42), 42U);
  EXPECT_EQ(through(ring, 41), std::nullopt);
}

TEST_F(RingTest, KeepsTheLatestEntries) {
  auto ring = make(10, 1U << 20U);
  commit(ring, 25);
  EXPECT_EQ(ring.head().seq, 25U);
  EXPECT_EQ(through(ring, 15), 25U);
  EXPECT_EQ(through(ring, 14), std::nullopt);
}

TEST_F(RingTest, KeepsNoMoreBytesThanItMay) {
  auto ring = make(1000, 10'000);
  for (int i = 0; i < 30; ++i) commit(ring, 1, 1000);
  Seq oldest = 30;
  while (oldest > 0 && through(ring, oldest - 1)) --oldest;
  EXPECT_GE(oldest, 30U - 9U);
  EXPECT_LE(oldest, 30U - 8U);
}

TEST_F(RingTest, KeepsTheNewestHoweverLarge) {
  auto ring = make(10, 100);
  commit(ring, 3, 5000);
  EXPECT_EQ(through(ring, 2), 3U);
  EXPECT_EQ(through(ring, 1), std::nullopt);
}

TEST_F(RingTest, AHoleSendsReadersToTheJournal) {
  auto ring = make(10, 1U << 20U);
  commit(ring, 3);
  (void)journal_.append();
  commit(ring, 2);
  EXPECT_EQ(through(ring, 4), 6U);
  EXPECT_EQ(through(ring, 3), std::nullopt);
}

TEST_F(RingTest, AReaderAheadOfWhatIsPublishedWaits) {
  auto ring = make(10, 1U << 20U);
  commit(ring, 3);
  EXPECT_EQ(through(ring, 5), 5U);
}

TEST_F(RingTest, EntriesOfOneCommitGoOutAsFewBuffers) {
  auto ring = make(1000, 1U << 20U);
  commit(ring, 100, 500);
  Slice slice(0, {}, true);
  ASSERT_TRUE(ring.fill(0, slice));
  EXPECT_EQ(slice.through(), 100U);
  EXPECT_LE(slice.buffers().size(), 2U);
}

TEST_F(RingTest, ABatchHasNoMoreBuffersThanOneWriteTakes) {
  auto ring = make(1000, 1U << 20U);
  for (int i = 0; i < 100; ++i) commit(ring, 1);
  Slice slice(0, {}, true);
  ASSERT_TRUE(ring.fill(0, slice));
  EXPECT_EQ(slice.buffers().size(), Slice::kMaxBuffers);
  EXPECT_EQ(slice.through(), Slice::kMaxBuffers);
  EXPECT_EQ(through(ring, slice.through()), 100U);
}

TEST_F(RingTest, ABatchMovesTheCursorOverWhatIsNotWanted) {
  auto ring = make(1000, 1U << 20U);
  commit(ring, 10);
  Slice slice(0, {.kinds = {}, .gateway = "nobody"}, true);
  ASSERT_TRUE(ring.fill(0, slice));
  EXPECT_TRUE(slice.empty());
  EXPECT_EQ(slice.through(), 10U);
}

TEST_F(RingTest, ACutBatchSaysWhatIsOutAndWhatIsLacking) {
  auto ring = make(1000, 1U << 20U);
  commit(ring, 3);
  Slice slice(0, {}, true);
  ASSERT_TRUE(ring.fill(0, slice));
  const auto each = slice.bytes() / 3;
  EXPECT_EQ(slice.cut(0).through, 0U);
  EXPECT_EQ(slice.cut(each).through, 1U);
  EXPECT_TRUE(slice.cut(each).remainder.empty());
  EXPECT_EQ(slice.cut(each + 1).through, 2U);
  EXPECT_EQ(slice.cut(each + 1).remainder.size(), each - 1);
  EXPECT_EQ(slice.cut(slice.bytes()).through, 3U);
  EXPECT_EQ(slice.cut(slice.bytes()).entries, 3U);
}

TEST_F(RingTest, WithoutChunksOnlyTheBlocksRemain) {
  auto ring = make(1000, 1U << 20U);
  commit(ring, 2);
  Slice slice(0, {}, false);
  ASSERT_TRUE(ring.fill(0, slice));
  std::string all;
  for (const auto& buffer : slice.buffers()) all += buffer;
  EXPECT_TRUE(all.starts_with("id: k3f9x2ab-1\nevent: session.update\ndata: {\"seq\":1,")) << all;
  EXPECT_TRUE(all.contains("\n\nid: k3f9x2ab-2\n")) << all;
  EXPECT_TRUE(all.ends_with("}\n\n")) << all;
}

}  // namespace
}  // namespace cc::stream
