#include "app/cli/sse_reader.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cc::app {
namespace {

using ::testing::ElementsAre;

struct Reading {
  std::vector<std::string> events;
  SseReader reader{
      [this](const SseEvent& event) { events.push_back(event.event + "|" + event.data); }};
};

TEST(SseReader, ReadsEventsHoweverTheyAreCut) {
  const std::string stream =
      "retry: 2500\n: hello\n\nid: a-1\nevent: fleet.update\ndata: {\"x\":1}\n\n"
      "data:one\r\ndata: two\r\n\r\nid: a-9\n\n";
  for (std::size_t size = 1; size <= stream.size(); ++size) {
    Reading reading;
    for (std::size_t at = 0; at < stream.size(); at += size) {
      ASSERT_TRUE(reading.reader.feed(std::string_view(stream).substr(at, size)));
    }
    EXPECT_THAT(reading.events, ElementsAre("fleet.update|{\"x\":1}", "message|one\ntwo"));
    EXPECT_EQ(reading.reader.last_id(), "a-9");
    EXPECT_EQ(reading.reader.retry(), Millis(2500));
  }
}

TEST(SseReader, AnEventThatWasCutOffIsNoEvent) {
  Reading reading;
  EXPECT_TRUE(reading.reader.feed("id: a-1\ndata: x\n\nid: a-2\ndata: y\n"));
  EXPECT_EQ(reading.reader.last_id(), "a-1");
  reading.reader.reconnect();
  EXPECT_TRUE(reading.reader.feed("\nid: a-2\ndata: z\n\n"));
  EXPECT_THAT(reading.events, ElementsAre("message|x", "message|z"));
  EXPECT_EQ(reading.reader.last_id(), "a-2");
}

TEST(SseReader, IgnoresWhatItNeedNotKnow) {
  Reading reading;
  EXPECT_TRUE(reading.reader.feed("retry: soon\nfoo: bar\nevent: x\n\nid: a\0b\n\n"));
  EXPECT_TRUE(reading.events.empty());
  EXPECT_EQ(reading.reader.retry(), std::nullopt);
}

TEST(SseReader, GivesUpOnALineWithoutEnd) {
  Reading reading;
  EXPECT_FALSE(reading.reader.feed(std::string((std::size_t{4} << 20U) + 1, 'x')));
}

}  // namespace
}  // namespace cc::app
