// From the journal to the ring, with workers that read when the test says so.

#include <gtest/gtest.h>

#include "stream/stream.h"
#include "stream/testing/stream_fixture.h"

namespace cc::stream::testing {
namespace {

class StreamReplayTest : public StreamFixture {
 protected:
  // What the tick would mend must not need mending.
  StreamReplayTest() {
    options_.tick = std::chrono::hours(1);
    options_.ring_entries = 10;
    options_.page_entries = 16;
  }

  std::shared_ptr<TestReader> connect_after(Seq seq) {
    return connect_and_read({.after = cursor(seq), .filter = {}});
  }

  /// Runs everything that can happen without a worker.
  void serve_only() {
    for (int round = 0; round < 20; ++round) {
      io_.restart();
      io_.run_one_for(std::chrono::milliseconds(1));
      io_.poll();
    }
  }
};

TEST_F(StreamReplayTest, TheThreadThatServesStreamsReadsNothingItself) {
  start();
  commit(100);
  const auto behind = connect_after(0);
  const auto live = connect_and_read();
  serve_only();
  commit(1);
  serve_only();
  EXPECT_EQ(journal_.reads(), 0U);
  EXPECT_TRUE(behind->stream.events.empty());
  EXPECT_EQ(numbers(*live), range(101, 101));
  ASSERT_TRUE(run_until([&] { return behind->stream.events.size() == 101; }));
  EXPECT_EQ(numbers(*behind), range(1, 101));
}

TEST_F(StreamReplayTest, WhatIsCommittedWhileAPageIsReadFollowsOnIt) {
  start();
  commit(60);
  const auto reader = connect_after(0);
  Seq head = 60;
  for (int i = 0; i < 20; ++i, head += 3) {
    serve_only();
    (void)workers_.run_one();
    commit(3);
  }
  ASSERT_TRUE(run_until([&] { return reader->stream.events.size() == head; }));
  EXPECT_EQ(numbers(*reader), range(1, head));
}

TEST_F(StreamReplayTest, TheNextPageIsReadWhileOneIsWritten) {
  start();
  commit(200);
  const auto reader = connect_after(0);
  serve_only();
  EXPECT_TRUE(workers_.run_one());
  serve_only();
  EXPECT_EQ(numbers(*reader), range(1, 16));
  EXPECT_EQ(journal_.reads(), 1U);
  EXPECT_TRUE(workers_.run_one());
  EXPECT_EQ(journal_.reads(), 2U);
}

TEST_F(StreamReplayTest, MorePlacesThanPagesAreServedInTurn) {
  start();
  commit(400);
  std::vector<std::shared_ptr<TestReader>> readers;
  for (Seq i = 0; i < 20; ++i) readers.push_back(connect_after(i * 17));
  for (Seq i = 0; i < 20; ++i) {
    ASSERT_TRUE(run_until([&] { return readers[i]->stream.events.size() == 400 - i * 17; })) << i;
    EXPECT_EQ(numbers(*readers[i]), range(i * 17 + 1, 400));
  }
}

TEST_F(StreamReplayTest, ReadersWhoLeaveWhileTheirPageIsReadKeepNobodyWaiting) {
  start();
  commit(400);
  std::vector<std::shared_ptr<TestReader>> leaving;
  for (Seq i = 0; i < 4; ++i) leaving.push_back(connect_after(i * 50));
  serve_only();
  const auto staying = connect_after(300);
  serve_only();
  for (const auto& reader : leaving) reader->close();
  serve_only();
  EXPECT_EQ(journal_.reads(), 0U);
  ASSERT_TRUE(run_until([&] { return staying->stream.events.size() == 100; }));
  EXPECT_EQ(numbers(*staying), range(301, 400));
}

TEST_F(StreamReplayTest, RetentionThatIsQuickerThanTheWorkersIsTold) {
  start();
  commit(100);
  const auto reader = connect_after(10);
  serve_only();
  journal_.trim_to(95);
  ASSERT_TRUE(run_until([&] { return reader->stream.last_event_id == cursor(100); }));
  ASSERT_EQ(reader->stream.events.size(), 1U);
  EXPECT_EQ(reader->stream.events.front().type, "reset");
}

TEST_F(StreamReplayTest, AStreamThatGoesWhileAPageIsReadIsNotCalledBack) {
  start();
  commit(100);
  const auto reader = connect_after(0);
  serve_only();
  stream_.reset();
  EXPECT_TRUE(run_until([&] { return reader->closed(); }));
  EXPECT_TRUE(reader->stream.events.empty());
}

TEST_F(StreamReplayTest, WorkersThatHaveStoppedLeaveReadersWaiting) {
  start();
  commit(100);
  workers_.stop();
  const auto reader = connect_after(0);
  serve_only();
  EXPECT_TRUE(reader->stream.events.empty());
  EXPECT_TRUE(log_text_.str().contains("readers wait"));
}

}  // namespace
}  // namespace cc::stream::testing
