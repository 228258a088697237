#include "stream/stream.h"

#include <thread>

#include <gtest/gtest.h>

#include "stream/testing/stream_fixture.h"

namespace cc::stream::testing {
namespace {

class StreamTest : public StreamFixture {
 protected:
  // What the tick would mend must not need mending.
  StreamTest() { options_.tick = std::chrono::hours(1); }
};

/// The same, for tests in which time passes.
class StreamTimeTest : public StreamFixture {};

TEST_F(StreamTest, FirstBytesComeAtOnce) {
  start();
  const auto reader = connect_and_read();
  ASSERT_TRUE(run_until([&] { return !reader->stream.comments.empty(); }));
  const auto retry = std::stoi(reader->stream.retry);
  EXPECT_GE(retry, options_.retry_min.count());
  EXPECT_LE(retry, options_.retry_max.count());
  EXPECT_EQ(stream_->readers(), 1U);
}

TEST_F(StreamTest, AReaderFromNowOnKnowsItsCursorBeforeAnythingHappens) {
  for (int i = 0; i < 3; ++i) journal_.append();
  start();
  const auto reader = connect_and_read();
  ASSERT_TRUE(run_until([&] { return reader->stream.last_event_id == cursor(3); }));
  EXPECT_TRUE(reader->stream.events.empty());
}

// It may have loaded the fleet between its request and its first turn in the stream.
TEST_F(StreamTest, AReaderFromNowOnBeginsWhereNowWasWhenItAsked) {
  start();
  commit(5);
  const auto reader = connect_and_read({.now = 3});
  ASSERT_TRUE(run_until([&] { return reader->stream.events.size() == 2; }));
  EXPECT_EQ(numbers(*reader), range(4, 5));
}

// The fleet that it loaded may be older than the head.
TEST_F(StreamTest, ANowThatIsNoLongerKeptIsReset) {
  for (int i = 0; i < 9; ++i) journal_.append();
  journal_.trim_to(8);
  start();
  const auto reader = connect_and_read({.now = 3});
  ASSERT_TRUE(run_until([&] { return reader->stream.last_event_id == cursor(9); }));
  ASSERT_EQ(reader->stream.events.size(), 1U);
  EXPECT_EQ(reader->stream.events.front().type, "reset");
}

TEST_F(StreamTest, AnEntryComesAsTheContractSays) {
  start();
  const auto reader = connect_and_read();
  commit(1);
  ASSERT_TRUE(run_until([&] { return reader->stream.events.size() == 1; }));
  const auto& event = reader->stream.events.front();
  EXPECT_EQ(event.id, "k3f9x2ab-1");
  EXPECT_EQ(event.type, "session.update");
  EXPECT_TRUE(event.data.starts_with(R"({"seq":1,"epoch":"k3f9x2ab")")) << event.data;
}

TEST_F(StreamTest, WithoutChunksTheBodyIsTheBareStream) {
  start();
  const auto reader = connect_and_read({.after = "0", .filter = {}, .chunked = false});
  commit(3);
  ASSERT_TRUE(run_until([&] { return reader->stream.events.size() == 3; }));
  EXPECT_EQ(numbers(*reader), range(1, 3));
}

TEST_F(StreamTest, ManyReadersGetEverythingInOrder) {
  start();
  std::vector<std::shared_ptr<TestReader>> readers;
  for (int i = 0; i < 600; ++i) readers.push_back(connect_and_read());
  for (int i = 0; i < 20; ++i) commit(5, 200);
  ASSERT_TRUE(run_until([&] {
    return std::ranges::all_of(readers,
                               [](const auto& r) { return r->stream.events.size() == 100; });
  }));
  for (const auto& reader : readers) EXPECT_EQ(numbers(*reader), range(1, 100));
}

TEST_F(StreamTest, ACommitWakesReadersOnce) {
  start();
  const auto reader = connect_and_read();
  ASSERT_TRUE(run_until([&] { return reader->stream.blocks > 0; }));
  std::jthread writer([&] {
    for (int i = 0; i < 300; ++i) commit(3);
  });
  ASSERT_TRUE(run_until([&] { return reader->stream.events.size() == 900; }));
  EXPECT_EQ(numbers(*reader), range(1, 900));
}

TEST_F(StreamTest, WhatHappenedBeforeComesFromTheJournal) {
  for (int i = 0; i < 2000; ++i) journal_.append();
  start();
  const auto oldest = connect_and_read({.after = "0", .filter = {}});
  const auto later = connect_and_read({.after = cursor(1500), .filter = {}});
  ASSERT_TRUE(run_until([&] { return oldest->stream.events.size() == 2000; }));
  EXPECT_EQ(numbers(*oldest), range(1, 2000));
  ASSERT_TRUE(run_until([&] { return later->stream.events.size() == 500; }));
  EXPECT_EQ(numbers(*later), range(1501, 2000));
}

TEST_F(StreamTest, ReadersAtOnePlaceShareAPage) {
  for (int i = 0; i < 500; ++i) journal_.append();
  start();
  std::vector<std::shared_ptr<TestReader>> readers;
  for (int i = 0; i < 50; ++i) readers.push_back(connect_and_read({.after = "0", .filter = {}}));
  ASSERT_TRUE(run_until([&] {
    return std::ranges::all_of(readers,
                               [](const auto& r) { return r->stream.events.size() == 500; });
  }));
  EXPECT_LE(journal_.reads(), 10U);
}

TEST_F(StreamTest, WhatIsCommittedButNotPublishedWaits) {
  options_.ring_entries = 4;
  start();
  commit(10);
  const auto unpublished = journal_.append();
  const auto reader = connect_and_read({.after = "0", .filter = {}});
  const auto now = connect_and_read();
  ASSERT_TRUE(run_until([&] { return reader->stream.events.size() == 10; }));
  settle();
  EXPECT_EQ(numbers(*reader), range(1, 10));
  EXPECT_TRUE(run_until([&] { return now->stream.last_event_id == cursor(10); }));
  stream_->committed({&unpublished, 1}, test_epoch());
  stream_->wake();
  ASSERT_TRUE(run_until([&] { return now->stream.events.size() == 1; }));
  ASSERT_TRUE(run_until([&] { return reader->stream.events.size() == 11; }));
  EXPECT_EQ(numbers(*reader), range(1, 11));
}

TEST_F(StreamTest, ASlowReaderFallsBackToTheJournalAndCatchesUp) {
  options_.ring_entries = 50;
  start();
  const auto slow = connect();
  const auto quick = connect_and_read();
  for (Seq i = 1; i <= 60; ++i) {
    commit(20, 1500);
    ASSERT_TRUE(run_until([&] { return quick->stream.events.size() == i * 20; }));
  }
  slow->read(1000);
  ASSERT_TRUE(run_until([&] { return slow->stream.events.size() >= 1200; }));
  commit(10);
  ASSERT_TRUE(run_until([&] { return slow->stream.events.size() >= 1210; }));
  EXPECT_EQ(numbers(*slow), range(1, 1210));
  EXPECT_GT(journal_.reads(), 0U);
}

TEST_F(StreamTest, AnEntryLargerThanTheSocketTakesArrivesWhole) {
  start();
  const auto reader = connect();
  commit(3, 250'000);
  settle();
  reader->read();
  ASSERT_TRUE(run_until([&] { return reader->stream.events.size() == 3; }));
  EXPECT_EQ(numbers(*reader), range(1, 3));
  for (const auto& event : reader->stream.events) EXPECT_GT(event.data.size(), 250'000U);
}

TEST_F(StreamTest, RetentionThatOvertakesAReaderIsTold) {
  options_.ring_entries = 10;
  options_.page_entries = 20;  // what was read before still comes
  start();
  const auto slow = connect();
  const auto quick = connect_and_read();
  commit(1000, 1500);
  ASSERT_TRUE(run_until([&] { return quick->stream.events.size() == 1000; }));
  journal_.trim_to(985);
  slow->read();
  commit(1);
  ASSERT_TRUE(run_until([&] { return slow->stream.last_event_id == cursor(1001); }));
  commit(2);
  ASSERT_TRUE(run_until([&] { return slow->stream.last_event_id == cursor(1003); }));
  const auto seen = numbers(*slow);
  const auto reset = std::ranges::find(seen, Seq{0});
  ASSERT_NE(reset, seen.end());
  const auto before = static_cast<Seq>(reset - seen.begin());
  EXPECT_EQ(std::vector(seen.begin(), reset), range(1, before));
  const auto& event = slow->stream.events[before];
  EXPECT_TRUE(event.data.contains(R"("reason":"retention")")) << event.data;
  EXPECT_TRUE(event.data.contains(event.id)) << event.data;
  const auto from = Cursor::parse(event.id)->seq;
  EXPECT_EQ(std::vector(reset + 1, seen.end()), range(from + 1, 1003));
}

TEST_F(StreamTest, ACursorThatCannotBeServedIsReset) {
  for (int i = 0; i < 20; ++i) journal_.append();
  journal_.trim_to(11);
  start();
  const std::vector<std::pair<std::string, std::string>> table{{"other000-15", "epoch"},
                                                               {cursor(21), "epoch"},
                                                               {cursor(9), "retention"},
                                                               {"what", "malformed"}};
  for (const auto& [asked, reason] : table) {
    const auto reader = connect_and_read({.after = asked, .filter = {}});
    ASSERT_TRUE(run_until([&] { return !reader->stream.events.empty(); }));
    EXPECT_EQ(reader->stream.events[0].type, "reset");
    EXPECT_EQ(reader->stream.events[0].id, cursor(20));
    EXPECT_EQ(reader->stream.events[0].data,
              R"({"reason":")" + reason + R"(","cursor":")" + cursor(20) + "\"}");
  }
}

TEST_F(StreamTest, AnEmptyJournalIsServedFromZero) {
  start();
  const auto now = connect_and_read();
  const auto zero = connect_and_read({.after = cursor(0), .filter = {}});
  ASSERT_TRUE(run_until([&] { return now->stream.last_event_id == cursor(0); }));
  commit(1);
  ASSERT_TRUE(run_until([&] { return zero->stream.events.size() == 1; }));
  EXPECT_EQ(numbers(*zero), range(1, 1));
}

TEST_F(StreamTimeTest, AFilterLeavesOutAndKeepsTheCursorFresh) {
  start();
  const auto by_gateway = connect_and_read({.after = "0", .filter = {.kinds = {}, .gateway = "a"}});
  const auto by_kind = connect_and_read(
      {.after = "0", .filter = {.kinds = {fleet::EventKind::kPresenceUpdate}, .gateway = {}}});
  commit(2, 0, "a");
  commit(2, 0, "b", fleet::EventKind::kPresenceUpdate);
  commit(3, 0, "b");
  ASSERT_TRUE(run_until([&] { return by_kind->stream.events.size() == 2; }));
  ASSERT_TRUE(run_until([&] { return by_gateway->stream.events.size() == 2; }));
  settle();
  EXPECT_EQ(numbers(*by_gateway), range(1, 2));
  EXPECT_EQ(numbers(*by_kind), range(3, 4));
  clock_.advance(options_.heartbeat);
  ASSERT_TRUE(run_until([&] { return by_gateway->stream.last_event_id == cursor(7); }));
  ASSERT_TRUE(run_until([&] { return by_kind->stream.last_event_id == cursor(7); }));
  EXPECT_EQ(by_gateway->stream.events.size(), 2U);
}

TEST_F(StreamTimeTest, ACommentComesEachPeriodAndNotMoreOften) {
  start();
  const auto reader = connect_and_read();
  ASSERT_TRUE(run_until([&] { return reader->stream.comments.size() == 2; }));
  for (std::size_t period = 1; period <= 3; ++period) {
    settle();
    EXPECT_EQ(reader->stream.comments.size(), 1 + period);
    clock_.advance(options_.heartbeat);
    ASSERT_TRUE(run_until([&] { return reader->stream.comments.size() == 2 + period; }));
  }
}

TEST_F(StreamTimeTest, AReaderMayAskForQuickerHeartbeats) {
  start();
  const auto quick = connect_and_read({.after = "", .filter = {}, .heartbeat = Millis(5'000)});
  const auto usual = connect_and_read();
  ASSERT_TRUE(run_until([&] { return usual->stream.comments.size() == 2; }));
  for (std::size_t period = 1; period <= 2; ++period) {
    clock_.advance(Millis(5'000));
    ASSERT_TRUE(run_until([&] { return quick->stream.comments.size() == 2 + period; }));
  }
  EXPECT_EQ(quick->stream.comments.back(), " at " + std::to_string(clock_.wall()));
  EXPECT_EQ(usual->stream.comments.size(), 2U);
}

TEST_F(StreamTimeTest, AJournalThatCannotBeReadIsAskedAgain) {
  for (int i = 0; i < 5; ++i) journal_.append();
  journal_.fail_reads(true);
  start();
  const auto reader = connect_and_read({.after = "0", .filter = {}});
  ASSERT_TRUE(run_until([&] { return journal_.reads() > 2; }));
  EXPECT_TRUE(reader->stream.events.empty());
  EXPECT_TRUE(log_text_.str().contains("disk on fire"));
  journal_.fail_reads(false);
  ASSERT_TRUE(run_until([&] { return reader->stream.events.size() == 5; }));
  EXPECT_EQ(numbers(*reader), range(1, 5));
}

}  // namespace
}  // namespace cc::stream::testing
