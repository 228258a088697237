#include "net/body_reader.h"

#include <gtest/gtest.h>

namespace cc::net {
namespace {

using Fault = BodyReader::Fault;

constexpr MessageLimits kLimits{.head_bytes = 100, .body_bytes = 50};

/// What a reader makes of these bytes, whole and one at a time.
struct Read {
  bool done = false;
  std::optional<Fault> fault;
  std::string body;
  std::size_t taken = 0;

  friend bool operator==(const Read&, const Read&) = default;
};

Read read(BodyReader reader, std::string_view bytes, std::size_t at_once) {
  Read read;
  while (read.taken < bytes.size()) {
    const auto size = reader.take(bytes.substr(read.taken, at_once));
    read.taken += size;
    if (size < std::min(at_once, bytes.size() - read.taken + size)) break;
  }
  read.done = reader.done();
  read.fault = reader.fault();
  read.body = reader.body();
  return read;
}

Read read_chunked(std::string_view bytes) {
  const auto whole = read(BodyReader::chunked(kLimits), bytes, bytes.size());
  EXPECT_EQ(whole, read(BodyReader::chunked(kLimits), bytes, 1)) << bytes;
  return whole;
}

TEST(BodyReader, TakesAsMuchAsItsLengthSays) {
  const auto five = read(BodyReader::of_length(5, kLimits), "12345GET /", 100);
  EXPECT_TRUE(five.done);
  EXPECT_EQ(five.body, "12345");
  EXPECT_EQ(five.taken, 5U);
  EXPECT_TRUE(BodyReader::of_length(0, kLimits).done());
}

TEST(BodyReader, JoinsChunksAndForgetsWhatIsAroundThem) {
  for (const auto* bytes : {
           "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
           "5;name=value;other=\"a;b\"\r\nhello\r\n6 \t\r\n world\r\n0;last\r\n\r\n",
           "0005\r\nhello\r\n00006\r\n world\r\n000\r\nTrailer: x\r\nOther: y\r\n\r\n",
       }) {
    const auto all = read_chunked(bytes);
    EXPECT_TRUE(all.done) << bytes;
    EXPECT_EQ(all.body, "hello world");
  }
  EXPECT_EQ(read_chunked("A\r\n0123456789\r\n0\r\n\r\nGET / HT").taken, 20U) << "not the next one";
}

TEST(BodyReader, ABodyIsBoundedBeforeItComes) {
  EXPECT_EQ(BodyReader::of_length(51, kLimits).fault(), Fault::kTooLarge);
  EXPECT_EQ(read_chunked("33\r\n").fault, Fault::kTooLarge);
  EXPECT_EQ(read_chunked("30\r\n" + std::string(48, 'x') + "\r\n3\r\n").fault, Fault::kTooLarge);
  EXPECT_EQ(read_chunked("FFFFFFFFFFFFFFFF\r\n").fault, Fault::kTooLarge);
  EXPECT_EQ(read(BodyReader::until_close(kLimits), std::string(51, 'x'), 100).fault,
            Fault::kTooLarge);
}

/// Attack: a peer that sends what is no body without end, and has us keep it or wait for it.
TEST(BodyReader, WhatIsAroundAChunkIsBounded) {
  const std::string much(101, 'x');
  EXPECT_EQ(read_chunked("1;" + much).fault, Fault::kOverhead) << "an extension";
  EXPECT_EQ(read_chunked("1" + std::string(101, ' ')).fault, Fault::kOverhead) << "blanks";
  EXPECT_EQ(read_chunked(std::string(17, '0')).fault, Fault::kOverhead) << "zeros as the size";
  EXPECT_EQ(read_chunked("0\r\n" + much).fault, Fault::kOverhead) << "a trailer";
}

TEST(BodyReader, ManySmallPiecesAroundChunksAreBoundedTogether) {
  std::string trailers = "0\r\n";
  std::string extensions;
  for (int i = 0; i < 40; ++i) {
    trailers += "a:b\r\n";
    extensions += "1;a\r\nx\r\n";
  }
  EXPECT_EQ(read_chunked(trailers).fault, Fault::kOverhead);
  EXPECT_EQ(read_chunked("0;" + std::string(60, 'x') + "\r\n" + std::string(60, 'x')).fault,
            Fault::kOverhead);
  extensions += extensions;
  EXPECT_TRUE(read_chunked(extensions).fault);
}

/// Attack: lines that another program ends elsewhere, so that it sees another next request.
TEST(BodyReader, DoubtfulLinesAreRefused) {
  for (const auto& bytes :
       {std::string("1\nx\n0\n\n"), std::string("1\r\nx\n"), std::string("1\r\nxx\r\n"),
        std::string("1;a\nb\r\n"), std::string("1;a\rb\r\n"), std::string(";a\r\n"),
        std::string("\r\n"), std::string("g\r\n"), std::string("-1\r\n"), std::string("0x1\r\n"),
        std::string("1_0\r\n"), std::string(" 1\r\n"), std::string("0\r\na:b\nc\r\n"),
        std::string("1;\0\r\n", 5), std::string("0\r\n\rx"), std::string("1 1\r\n")}) {
    EXPECT_EQ(read_chunked(bytes).fault, Fault::kMalformed) << bytes;
  }
}

TEST(BodyReader, OnlyWhatHasNoLengthEndsWithTheConnection) {
  auto open = BodyReader::until_close(kLimits);
  open.take("as much as comes");
  EXPECT_FALSE(open.done());
  EXPECT_TRUE(open.close());
  EXPECT_EQ(open.body(), "as much as comes");
  auto fixed = BodyReader::of_length(5, kLimits);
  fixed.take("123");
  EXPECT_FALSE(fixed.close());
  auto chunked = BodyReader::chunked(kLimits);
  chunked.take("3\r\nabc\r\n0\r\n");
  EXPECT_FALSE(chunked.close());
}

}  // namespace
}  // namespace cc::net
