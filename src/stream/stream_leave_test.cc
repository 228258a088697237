// How readers leave: by themselves, because they are closed, and when the program ends.

#include <gtest/gtest.h>

#include "stream/stream.h"
#include "stream/testing/stream_fixture.h"

namespace cc::stream::testing {
namespace {

class StreamLeaveTest : public StreamFixture {};

TEST_F(StreamLeaveTest, PeersThatCloseAreNoticedWithoutAnythingBeingSent) {
  start();
  std::vector<std::shared_ptr<TestReader>> readers;
  for (int i = 0; i < 50; ++i) readers.push_back(connect_and_read());
  ASSERT_EQ(stream_->readers(), 50U);
  for (const auto& reader : readers) reader->close();
  EXPECT_TRUE(run_until([&] { return stream_->readers() == 0 && closed_ == 50; }));
  settle();
  EXPECT_EQ(closed_, 50);
}

TEST_F(StreamLeaveTest, PeersThatCloseAmidEverythingDisturbNobody) {
  start();
  std::vector<std::shared_ptr<TestReader>> readers;
  for (int i = 0; i < 40; ++i) readers.push_back(connect_and_read());
  for (Seq i = 0; i < 40; ++i) {
    commit(5, 3000);
    if (i % 2 == 0) readers[i]->close();
    settle();
  }
  ASSERT_TRUE(run_until([&] { return stream_->readers() == 20; }));
  for (Seq i = 1; i < 40; i += 2) {
    ASSERT_TRUE(run_until([&] { return readers[i]->stream.events.size() == 200; }));
    EXPECT_EQ(numbers(*readers[i]), range(1, 200));
  }
}

// Half a day on a fake clock: every minute some readers come and some go. One, whose filter passes
// hardly anything, stays all the time.
TEST_F(StreamLeaveTest, HoursOfComingAndGoingLeaveNothingBehind) {
  start();
  const auto idle = connect_and_read({.after = "", .filter = {.kinds = {}, .gateway = "quiet"}});
  std::vector<std::shared_ptr<TestReader>> readers;
  int came = 1;
  for (int minute = 0; minute < 12 * 60; ++minute) {
    for (int i = 0; i < 3; ++i) readers.push_back(connect_and_read());
    came += 3;
    commit(4, 200);
    if (readers.size() > 20) {
      for (std::size_t i = 0; i < 10; ++i) readers[i]->close();
      readers.erase(readers.begin(), readers.begin() + 10);
    }
    clock_.advance(std::chrono::minutes(1) - options_.heartbeat);
    ASSERT_TRUE(run_until([&] {
      clock_.advance(Millis(100));
      return idle->stream.last_event_id == cursor(journal_.position().head);
    })) << "the cursor of a filtered reader fell behind in minute "
        << minute;
  }
  EXPECT_TRUE(idle->stream.events.empty());
  for (const auto& reader : readers) reader->close();
  idle->close();
  EXPECT_TRUE(run_until([&] { return stream_->readers() == 0 && closed_ == came; }));
}

TEST_F(StreamLeaveTest, AReaderThatTalksTooMuchIsClosed) {
  start();
  boost::asio::ip::tcp::socket client(io_, boost::asio::ip::tcp::v4());
  client.connect(acceptor_.local_endpoint());
  stream_->serve(acceptor_.accept(), true, {}, {}, {});
  client.non_blocking(true);
  const std::string words(16 * 1024, 'x');
  EXPECT_TRUE(run_until([&] {
    boost::system::error_code error;
    (void)client.write_some(boost::asio::buffer(words), error);
    return stream_->readers() == 0;
  }));
}

TEST_F(StreamLeaveTest, AReaderWhoIsNoLongerAllowedIsSentAway) {
  start();
  bool allowed = true;
  const auto reader = connect_and_read(
      {.after = "", .filter = {}, .chunked = true, .allowed = [&] { return allowed; }});
  clock_.advance(options_.check_every);
  settle();
  EXPECT_EQ(stream_->readers(), 1U);
  allowed = false;
  clock_.advance(options_.check_every);
  EXPECT_TRUE(run_until([&] { return reader->closed(); }));
  EXPECT_TRUE(reader->ended());
  EXPECT_EQ(closed_, 1);
}

TEST_F(StreamLeaveTest, OnlyAReaderWhoTakesNothingForLongIsDead) {
  start();
  const auto dead = connect({.receive_buffer = 4096});
  const auto slow = connect({.receive_buffer = 4096});
  commit(400, 1500);
  settle();
  const auto a_minute_passes = [&] {
    clock_.advance(std::chrono::minutes(1));
    // It takes so little that its socket stays full for several minutes.
    const auto enough = slow->received() + 5000;
    slow->read(1000);
    ASSERT_TRUE(run_until([&] { return slow->received() >= enough; }));
    slow->pause();
    settle();
  };
  for (int minute = 0; minute < 4; ++minute) a_minute_passes();
  EXPECT_EQ(stream_->readers(), 2U);
  for (int minute = 0; minute < 12; ++minute) a_minute_passes();
  EXPECT_EQ(stream_->readers(), 1U);
  slow->read();
  ASSERT_TRUE(run_until([&] { return slow->stream.events.size() == 400; }));
  EXPECT_EQ(numbers(*slow), range(1, 400));
}

TEST_F(StreamLeaveTest, DrainWritesWhatIsCommittedAndEndsTheBody) {
  options_.drain_within = std::chrono::hours(1);
  start();
  std::vector<std::shared_ptr<TestReader>> readers;
  for (int i = 0; i < 20; ++i) readers.push_back(connect_and_read());
  commit(300, 1500);
  bool drained = false;
  stream_->drain([&] { drained = true; });
  ASSERT_TRUE(run_until([&] { return drained; }));
  EXPECT_EQ(stream_->readers(), 0U);
  EXPECT_EQ(closed_, 20);
  for (const auto& reader : readers) {
    ASSERT_TRUE(run_until([&] { return reader->closed(); }));
    EXPECT_TRUE(reader->ended());
    EXPECT_EQ(numbers(*reader), range(1, 300));
  }
}

TEST_F(StreamLeaveTest, DrainDoesNotWaitForThoseWhoDoNotRead) {
  options_.drain_within = Millis(30);
  start();
  const auto stuck = connect();
  commit(300, 1500);
  bool drained = false;
  stream_->drain([&] { drained = true; });
  EXPECT_TRUE(run_until([&] { return drained; }));
  EXPECT_EQ(stream_->readers(), 0U);
  EXPECT_EQ(closed_, 1);
}

TEST_F(StreamLeaveTest, DrainWithoutReadersIsDoneAtOnce) {
  start();
  bool drained = false;
  stream_->drain([&] { drained = true; });
  EXPECT_TRUE(run_until([&] { return drained; }));
}

TEST_F(StreamLeaveTest, AReaderWhoComesDuringTheDrainIsServedAndEnded) {
  options_.drain_within = std::chrono::hours(1);
  start();
  commit(3);
  const auto stuck = connect();
  commit(300, 1500);
  stream_->drain([] {});
  const auto late = connect_and_read({.after = "0", .filter = {}});
  ASSERT_TRUE(run_until([&] { return late->closed(); }));
  EXPECT_TRUE(late->ended());
  EXPECT_EQ(late->stream.events.size(), 303U);
}

TEST_F(StreamLeaveTest, WhenTheStreamIsGoneItsReadersAreClosed) {
  start();
  const auto reader = connect_and_read();
  commit(5);
  stream_.reset();
  EXPECT_TRUE(run_until([&] { return reader->closed(); }));
  EXPECT_EQ(closed_, 0);
}

}  // namespace
}  // namespace cc::stream::testing
