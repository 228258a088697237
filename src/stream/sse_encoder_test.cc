#include "stream/sse_encoder.h"

#include <random>

#include <gtest/gtest.h>

#include "stream/testing/sse_parser.h"

namespace cc::stream {
namespace {

testing::SseParser parse(std::string_view bytes) {
  testing::SseParser parser;
  parser.feed(bytes);
  return parser;
}

TEST(SseEncoder, AnEventIsThreeLinesAndABlankOne) {
  std::string out;
  append_event(out, "k3f9x2ab-7", "session.update", R"({"seq":7})");
  EXPECT_EQ(out, "id: k3f9x2ab-7\nevent: session.update\ndata: {\"seq\":7}\n\n");
}

TEST(SseEncoder, LineEndsInDataBecomeLinesOfTheirOwn) {
  std::string out;
  append_event(out, "e-1", "x", "a\rb\nc\r\nid: forged\n\ndata: no");
  const auto parser = parse(out);
  ASSERT_EQ(parser.events.size(), 1U);
  EXPECT_EQ(parser.events[0].id, "e-1");
  EXPECT_EQ(parser.events[0].data, "a\nb\nc\nid: forged\n\ndata: no");
}

std::string with_plain_line_ends(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    plain.push_back(text[i] == '\r' ? '\n' : text[i]);
  }
  return plain;
}

TEST(SseEncoder, WhateverTheDataAClientReadsItBack) {
  std::mt19937 random(20261122);
  constexpr std::string_view kLetters = "\r\n: ad{\"";
  std::string out;
  std::vector<std::string> sent;
  for (int round = 0; round < 2000; ++round) {
    std::string data("x");  // a client drops an event whose data is empty
    for (auto n = random() % 12; n > 0; --n) data += kLetters[random() % kLetters.size()];
    append_event(out, "e-" + std::to_string(round), "kind", data);
    sent.push_back(with_plain_line_ends(data));
  }
  const auto parser = parse(out);
  ASSERT_EQ(parser.events.size(), sent.size());
  for (std::size_t i = 0; i < sent.size(); ++i) {
    EXPECT_EQ(parser.events[i].data, sent[i]);
    EXPECT_EQ(parser.events[i].id, "e-" + std::to_string(i));
    EXPECT_EQ(parser.events[i].type, "kind");
  }
}

TEST(SseEncoder, ABookmarkMovesTheCursorAndDispatchesNothing) {
  std::string out;
  append_bookmark(out, "e-12", 1'795'349'534'429);
  const auto parser = parse(out);
  EXPECT_TRUE(parser.events.empty());
  EXPECT_EQ(parser.last_event_id, "e-12");
  EXPECT_EQ(parser.comments, std::vector<std::string>{" at 1795349534429"});
}

TEST(SseEncoder, AHeartbeatTellsTheTime) {
  std::string out;
  append_heartbeat(out, 1'795'349'534'429);
  EXPECT_EQ(out, ": at 1795349534429\n\n");
}

TEST(SseEncoder, TheOpeningHasARetryAndAComment) {
  std::string out;
  append_opening(out, Millis(2500));
  const auto parser = parse(out);
  EXPECT_EQ(parser.retry, "2500");
  EXPECT_EQ(parser.comments.size(), 1U);
  EXPECT_EQ(parser.last_event_id, "");
}

TEST(SseEncoder, AResetCarriesItsCursorTwice) {
  std::string out;
  append_reset(out, "retention", "e-9");
  const auto parser = parse(out);
  ASSERT_EQ(parser.events.size(), 1U);
  EXPECT_EQ(parser.events[0].type, "reset");
  EXPECT_EQ(parser.events[0].id, "e-9");
  EXPECT_EQ(parser.events[0].data, R"({"reason":"retention","cursor":"e-9"})");
}

TEST(SseEncoder, AChunkIsItsLengthInHexAndItsContent) {
  std::string out;
  append_chunk(out, std::string(26, 'x'));
  EXPECT_EQ(out, "1a\r\n" + std::string(26, 'x') + "\r\n");
}

}  // namespace
}  // namespace cc::stream
