#include "base/text.h"

#include <gtest/gtest.h>

namespace cc {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::string_view kReplaced = "\xEF\xBF\xBD";

std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

// The borders of each row of Table 3-7 of the Unicode Standard, from both sides.
class ValidUtf8 : public testing::TestWithParam<std::string_view> {};

TEST_P(ValidUtf8, IsKept) {
  EXPECT_TRUE(is_utf8(GetParam()));
  EXPECT_EQ(clean_text(GetParam()), GetParam());
}

INSTANTIATE_TEST_SUITE_P(Borders, ValidUtf8,
                         testing::Values("", "a", "~", "\xC2\xA0", "\xDF\xBF", "\xE0\xA0\x80",
                                         "\xE0\xBF\xBF", "\xE1\x80\x80", "\xEC\xBF\xBF",
                                         "\xED\x80\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
                                         "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF0\xBF\xBF\xBF",
                                         "\xF1\x80\x80\x80", "\xF3\xBF\xBF\xBF", "\xF4\x80\x80\x80",
                                         "\xF4\x8F\xBF\xBF"));

class InvalidUtf8 : public testing::TestWithParam<std::string_view> {};

TEST_P(InvalidUtf8, IsReplacedAByteAtATime) {
  const std::string_view bad = GetParam();
  EXPECT_FALSE(is_utf8(bad));
  EXPECT_FALSE(is_identity(bad));
  EXPECT_EQ(clean_text(bad), repeat(kReplaced, bad.size()));
  EXPECT_EQ(clean_text("<" + std::string(bad) + ">"), "<" + repeat(kReplaced, bad.size()) + ">");
}

INSTANTIATE_TEST_SUITE_P(Borders, InvalidUtf8,
                         testing::Values("\x80", "\xBF", "\xC0\xAF", "\xC1\xBF", "\xC2", "\xDF",
                                         "\xE0\x9F\xBF", "\xE0\xA0", "\xE1\x80", "\xED\xA0\x80",
                                         "\xED\xBF\xBF", "\xEF\xBF", "\xF0\x8F\xBF\xBF",
                                         "\xF0\x90\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
                                         "\xFE", "\xFF", "\xC2\xC2"));

TEST(CleanText, GoesOnAfterATruncatedCharacter) {
  EXPECT_EQ(clean_text("a\xE2\x82z"), "a" + repeat(kReplaced, 2) + "z");
  EXPECT_EQ(clean_text("\xE2\x82\xC3\xA4"), repeat(kReplaced, 2) + "\xC3\xA4");
}

TEST(CleanText, RemovesControlCharactersOfEveryKind) {
  EXPECT_EQ(clean_text("a\0b\tc\nd\re\x1B[31mf\x7Fg"sv), "abcde[31mfg");
  EXPECT_EQ(clean_text("a\xC2\x80"
                       "b\xC2\x9F"
                       "c"),
            "abc");  // C1
  EXPECT_EQ(clean_text("a\xE2\x80\xA8"
                       "b\xE2\x80\xA9"
                       "c"),
            "abc");  // separators
  EXPECT_EQ(clean_text("a\xC2\xA0"
                       "b\xE2\x80\xA7"),
            "a\xC2\xA0"
            "b\xE2\x80\xA7");  // their neighbours
}

TEST(CleanText, CutsOnACharactersBorder) {
  EXPECT_EQ(clean_text("abcdef", 4), "abcd");
  EXPECT_EQ(clean_text("abc\xC3\xA4", 4), "abc");
  EXPECT_EQ(clean_text("abc\xC3\xA4", 5), "abc\xC3\xA4");
  EXPECT_EQ(clean_text("ab\xF0\x9F\x90\x99", 5), "ab");
  EXPECT_EQ(clean_text("ab\xFF", 4), "ab");  // the replacement is a character of three bytes
  EXPECT_EQ(clean_text("abc", 0), "");
}

TEST(CutText, EndsOnACharactersBorderAndTakesNothingElseAway) {
  EXPECT_EQ(cut_text("a\n\xC3\xA9z", 10), "a\n\xC3\xA9z");
  EXPECT_EQ(cut_text("a\n\xC3\xA9z", 4), "a\n\xC3\xA9");
  EXPECT_EQ(cut_text("a\n\xC3\xA9z", 3), "a\n");
  EXPECT_EQ(cut_text("\xE2\x82\xAC", 2), "");
}

TEST(CleanText, EndsAtTheFirstCharacterThatDoesNotFit) {
  EXPECT_EQ(clean_text("ab\xF0\x9F\x90\x99"
                       "c",
                       5),
            "ab");
}

TEST(CleanText, CountsWhatIsLeftAfterRemoving) {
  EXPECT_EQ(clean_text("\n\n\n\nabcd", 4), "abcd");
}

TEST(CleanText, LimitsTo4KiBUnlessTold) {
  EXPECT_EQ(clean_text(std::string(5000, 'x')).size(), kMaxTextBytes);
  EXPECT_EQ(clean_text(repeat("\xE2\x82\xAC", 2000)).size(), 4095U);
}

TEST(PlainAscii, IsToldByEachByteWhereverItStands) {
  for (int byte = 0; byte < 256; ++byte) {
    for (std::size_t at = 0; at < 19; ++at) {
      std::string text(19, '~');
      text[at] = static_cast<char>(byte);
      EXPECT_EQ(is_plain_ascii(text), byte >= 0x20 && byte < 0x7F) << byte << " at " << at;
    }
  }
  EXPECT_TRUE(is_plain_ascii(""));
}

TEST(Identity, IsOneTo512BytesOfPlainText) {
  EXPECT_TRUE(is_identity("a"));
  EXPECT_TRUE(is_identity("agent:main:main"));
  EXPECT_TRUE(is_identity(" / %2F \" \xC3\xA4 \xF0\x9F\x90\x99"));
  EXPECT_TRUE(is_identity(std::string(512, 'k')));
  EXPECT_FALSE(is_identity(""));
  EXPECT_FALSE(is_identity(std::string(513, 'k')));
  EXPECT_FALSE(is_identity(repeat("\xC3\xA4", 257)));
}

TEST(Identity, IsRefusedRatherThanRepaired) {
  EXPECT_FALSE(is_identity("a\nb"));
  EXPECT_FALSE(is_identity("a\0b"sv));
  EXPECT_FALSE(is_identity("a\x7F"));
  EXPECT_FALSE(is_identity("a\xC2\x85"));      // a C1 control
  EXPECT_FALSE(is_identity("a\xE2\x80\xA8"));  // a line separator
  EXPECT_FALSE(is_identity("a\xFF"));
}

}  // namespace
}  // namespace cc
