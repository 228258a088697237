#include "base/cursor.h"

#include <limits>
#include <set>

#include <gtest/gtest.h>

namespace cc {
namespace {

TEST(Epoch, IsDrawnAnewEachTimeAndParsesBack) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const Epoch epoch = Epoch::draw();
    EXPECT_EQ(Epoch::parse(epoch.text()), epoch) << epoch.text();
    seen.insert(epoch.text());
  }
  EXPECT_EQ(seen.size(), 100U);
}

TEST(Epoch, DrawUsesTheWholeAlphabet) {
  std::set<char> letters;
  for (int i = 0; i < 1000; ++i) {
    const std::string text = Epoch::draw().text();
    letters.insert(text.begin(), text.end());
  }
  EXPECT_EQ(letters.size(), 36U);  // a letter is missing once in 10^94 runs
}

TEST(Epoch, RefusesAnythingButEightSmallLettersAndDigits) {
  for (const char* text :
       {"", "k3f9x2a", "k3f9x2abc", "K3F9X2AB", "k3f9x2a-", "k3f9x2a ", "k3f9x2\xC3\xA4"}) {
    EXPECT_FALSE(Epoch::parse(text)) << text;
  }
  EXPECT_FALSE(Epoch::parse(std::string_view("k3f9x2a\0", 8)));
}

TEST(Cursor, ReadsWhatItWrites) {
  for (const Seq seq : {Seq{0}, Seq{1}, Seq{1042}, std::numeric_limits<Seq>::max()}) {
    const Cursor cursor{*Epoch::parse("k3f9x2ab"), seq};
    EXPECT_EQ(Cursor::parse(cursor.text()), cursor) << cursor.text();
  }
  EXPECT_EQ((Cursor{*Epoch::parse("k3f9x2ab"), 1042}.text()), "k3f9x2ab-1042");
}

class MalformedCursor : public testing::TestWithParam<std::string_view> {};

TEST_P(MalformedCursor, IsRefused) {
  EXPECT_FALSE(Cursor::parse(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(All, MalformedCursor,
                         testing::Values("", "0", "k3f9x2ab", "k3f9x2ab-", "k3f9x2ab1042",
                                         "k3f9x2ab_1042", "k3f9x2ab--1", "k3f9x2ab-+1",
                                         "k3f9x2ab-01", "k3f9x2ab-00", "k3f9x2ab- 1", "k3f9x2ab-1 ",
                                         "k3f9x2ab-1x", "k3f9x2ab-0x10", "k3f9x2ab-1e3",
                                         "K3f9x2ab-1", " k3f9x2ab-1",
                                         "k3f9x2ab-18446744073709551616",
                                         "k3f9x2ab-99999999999999999999999",
                                         std::string_view("k3f9x2ab-1\0", 11), "k3f9x2ab-1\n"));

}  // namespace
}  // namespace cc
