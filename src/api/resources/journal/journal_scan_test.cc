#include "api/resources/journal/journal_scan.h"

#include <gmock/gmock.h>

#include "store/testing/journal_fixtures.h"
#include "store/testing/memory_store.h"

namespace cc::api {
namespace {

using Direction = JournalScan::Direction;
using State = JournalScan::State;
using store::testing::commit;
using store::testing::run_of;

class JournalScanTest : public ::testing::Test {
 protected:
  /// All steps; how many it took.
  int run(JournalScan& scan) {
    for (int steps = 1;; ++steps) {
      const auto state = scan.step(**reader_);
      if (!state) throw std::runtime_error(state.error().message);
      if (*state == State::kDone) return steps;
    }
  }

  static std::vector<Seq> numbers(const JournalScan& scan) {
    std::vector<Seq> seqs;
    for (const auto& entry : scan.entries()) seqs.push_back(entry.seq);
    return seqs;
  }

  /// One entry of another gateway among the rest, which are of `default`.
  void commit_rare() {
    auto transaction = store_->begin();
    auto entry = store::testing::make_entry((*transaction)->next_seq());
    entry.gateway = "rare";
    ASSERT_TRUE((*transaction)->append(entry));
    ASSERT_TRUE((*transaction)->commit());
  }

  static EntryFilter rare() { return *EntryFilter::parse({{"gateway", "rare"}}); }

  std::unique_ptr<store::Store> store_ = store::make_memory_store();
  Result<std::unique_ptr<store::JournalReader>> reader_ = store_->open_reader();
};

TEST_F(JournalScanTest, ReadsAPageEitherWay) {
  commit(*store_, 10);
  JournalScan forward(Direction::kForward, 4, 3, {});
  EXPECT_EQ(run(forward), 1);
  EXPECT_EQ(numbers(forward), run_of(4, 6));
  EXPECT_EQ(forward.looked_at().low, 4U);
  EXPECT_EQ(forward.looked_at().high, 7U);
  JournalScan backward(Direction::kBackward, 7, 3, {});
  EXPECT_EQ(run(backward), 1);
  EXPECT_EQ(numbers(backward), run_of(4, 6));
  EXPECT_EQ(backward.looked_at().low, 4U);
  EXPECT_EQ(backward.looked_at().high, 7U);
}

TEST_F(JournalScanTest, EndsWhereTheJournalDoes) {
  commit(*store_, 5);
  JournalScan forward(Direction::kForward, 6, 3, rare());
  EXPECT_EQ(run(forward), 1);
  EXPECT_EQ(forward.looked_at().high, 6U);
  JournalScan backward(Direction::kBackward, 6, 3, rare());
  EXPECT_EQ(run(backward), 1);
  EXPECT_EQ(backward.looked_at().low, 1U);
  EXPECT_TRUE(backward.entries().empty());
}

TEST_F(JournalScanTest, LooksForWhatIsRareInSlices) {
  commit_rare();
  commit(*store_, 3'000);
  commit_rare();
  JournalScan backward(Direction::kBackward, 3'003, 2, rare());
  EXPECT_GT(run(backward), 3);
  EXPECT_EQ(numbers(backward), (std::vector<Seq>{1, 3'002}));
  JournalScan forward(Direction::kForward, 1, 2, rare());
  EXPECT_GT(run(forward), 3);
  EXPECT_EQ(numbers(forward), (std::vector<Seq>{1, 3'002}));
}

TEST_F(JournalScanTest, StopsAtTheEntryThatFillsThePage) {
  for (int i = 0; i < 5; ++i) commit_rare();
  JournalScan scan(Direction::kForward, 1, 2, rare());
  run(scan);
  EXPECT_EQ(numbers(scan), run_of(1, 2));
  EXPECT_EQ(scan.looked_at().high, 3U);
}

TEST_F(JournalScanTest, GivesUpAfterSoManyEntriesAndSaysHowFarItCame) {
  commit_rare();
  commit(*store_, JournalScan::kMaxScanned + 100);
  JournalScan scan(Direction::kBackward, JournalScan::kMaxScanned + 102, 10, rare());
  run(scan);
  EXPECT_TRUE(scan.entries().empty());
  EXPECT_EQ(scan.looked_at().low, 102U);
  JournalScan rest(Direction::kBackward, scan.looked_at().low, 10, rare());
  run(rest);
  EXPECT_EQ(numbers(rest), run_of(1, 1));
}

TEST_F(JournalScanTest, GivesUpAfterSoManyBytes) {
  commit(*store_, 100, 200'000);
  JournalScan scan(Direction::kForward, 1, 10, rare());
  run(scan);
  EXPECT_GE(scan.looked_at().high, 42U);
  EXPECT_LE(scan.looked_at().high, 44U);
}

TEST_F(JournalScanTest, EndsAPageByItsBytes) {
  commit(*store_, 30, 100'000);
  for (const auto& filter : {EntryFilter(), *EntryFilter::parse({{"gateway", "default"}})}) {
    JournalScan scan(Direction::kForward, 1, 1000, filter);
    run(scan);
    EXPECT_EQ(scan.entries().size(), 11U);
  }
}

TEST_F(JournalScanTest, KeepsWhatItFoundWhenRetentionOvertakesIt) {
  commit_rare();
  commit(*store_, 2'000);
  JournalScan scan(Direction::kForward, 1, 10, rare());
  ASSERT_EQ(scan.step(**reader_), State::kGoesOn);
  ASSERT_TRUE(store_->trim({.keep_since = 15'000}, 10'000));
  EXPECT_EQ(scan.step(**reader_), State::kDone);
  EXPECT_EQ(numbers(scan), run_of(1, 1));
  EXPECT_EQ(scan.looked_at().high, 513U);
}

}  // namespace
}  // namespace cc::api
