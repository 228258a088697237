#include "base/json_read_back.h"

#include <limits>

#include <gtest/gtest.h>

#include "base/testing/written.h"

namespace cc {
namespace {

using namespace std::string_literals;
using testing::written;

/// What the JSON reads back as, where it does, and as a whole.
template <class T>
std::optional<T> read(std::string_view json) {
  JsonReadBack reader(json);
  T content{};
  if (!reader.value(content) || !reader.at_end()) return std::nullopt;
  return content;
}

TEST(JsonReadBack, GivesAValueAsItStands) {
  JsonReadBack in(R"({"a":{"b":[1,"}"]},"c":7})");
  std::string_view json;
  std::int64_t number = 0;
  ASSERT_TRUE(in.begin_object() && in.key("a") && in.raw_value(json));
  EXPECT_EQ(json, R"({"b":[1,"}"]})");
  ASSERT_TRUE(in.key("c") && in.value(number) && in.end_object());
  EXPECT_EQ(number, 7);
}

TEST(JsonReadBack, ReadsEveryTextThatWasWritten) {
  std::string all;
  for (int byte = 0; byte < 0x80; ++byte) {
    const std::string one(1, static_cast<char>(byte));
    EXPECT_EQ(read<std::string>(written(one)), one) << byte;
    all += one;
  }
  all += "\xC3\xA4 \xF0\x9F\x90\x99";
  for (std::size_t from = 0; from < all.size(); ++from) {
    EXPECT_EQ(read<std::string>(written(all.substr(from))), all.substr(from)) << from;
  }
}

TEST(JsonReadBack, ReadsEveryNumberThatWasWritten) {
  for (const std::int64_t number :
       {std::int64_t{0}, std::int64_t{-7}, std::int64_t{1'795'350'997'403},
        std::numeric_limits<std::int64_t>::min()}) {
    EXPECT_EQ(read<std::int64_t>(written(number)), number);
  }
  EXPECT_EQ(read<std::uint64_t>(written(std::numeric_limits<std::uint64_t>::max())),
            std::numeric_limits<std::uint64_t>::max());
  for (const double number : {0.0, -0.5, 0.0048, 1e300, 5e-324, 123456.0}) {
    EXPECT_EQ(read<double>(written(number)), number);
  }
}

TEST(JsonReadBack, ViewsOfSeveralTextsStayWhereTheyAre) {
  std::string json;
  JsonWriter(json)
      .begin_object()
      .field("a", "1\n")
      .field("b", "plain")
      .field("c", "\"2\"")
      .end_object();
  JsonReadBack reader(json);
  std::string_view a;
  std::string_view b;
  std::string_view c;
  ASSERT_TRUE(reader.begin_object() && reader.key("a") && reader.value(a) && reader.key("b"));
  ASSERT_TRUE(reader.value(b) && reader.key("c") && reader.value(c) && reader.end_object());
  EXPECT_TRUE(reader.at_end());
  EXPECT_EQ(a, "1\n");
  EXPECT_EQ(b, "plain");
  EXPECT_EQ(c, "\"2\"");
}

TEST(JsonReadBack, ReadsWhatMayBeThere) {
  EXPECT_EQ(read<std::optional<bool>>("true").value(), true);
  EXPECT_EQ(read<std::optional<bool>>("null").value(), std::nullopt);
  EXPECT_EQ(read<std::vector<std::string>>(R"(["a","b\n"])"),
            (std::vector<std::string>{"a", "b\n"}));
  EXPECT_EQ(read<std::vector<std::string>>("[]"), std::vector<std::string>{});
}

TEST(JsonReadBack, RefusesWhatIsNotThatKindOfValue) {
  for (const auto* text :
       {"", "\"", "\"a", "a\"", "7", "null", "\"a\"b", "\"\\", "\"\\u00", "\"\\u001", "\"\\u0041x",
        "\"\\u1041\"", "\"\\u00ff\"", "\"\\q\"", "\"\n\""}) {
    EXPECT_FALSE(read<std::string>(text)) << text;
  }
  for (const auto* number : {"", "-", "\"7\"", "7.5", "1e3", "9223372036854775808", "null"}) {
    EXPECT_FALSE(read<std::int64_t>(number)) << number;
  }
  for (const auto* number : {"", "nan", "inf", "-inf", "\"1\"", "1e999"}) {
    EXPECT_FALSE(read<double>(number)) << number;
  }
  EXPECT_FALSE(read<std::uint64_t>("-1"));
  EXPECT_FALSE(read<int>("2147483648"));
  EXPECT_FALSE(read<bool>("truth"));
  EXPECT_FALSE(read<std::optional<bool>>("nul"));
  for (const auto* list : {"[", "[\"a\"", "[\"a\" ,\"b\"]", "[\"a\"\"b\"]", "[1]", "{}"}) {
    EXPECT_FALSE(read<std::vector<std::string>>(list)) << list;
  }
}

TEST(JsonReadBack, LeavesAMemberThatWasNotAskedForToBeReadNext) {
  int number = 0;
  JsonReadBack swapped(R"({"b":1,"a":2})");
  EXPECT_TRUE(swapped.begin_object());
  EXPECT_FALSE(swapped.key("a"));
  EXPECT_FALSE(swapped.end_object());
  EXPECT_TRUE(swapped.key("b") && swapped.value(number));
  EXPECT_FALSE(swapped.key("b"));
  EXPECT_TRUE(swapped.key("a") && swapped.value(number) && swapped.end_object());
  EXPECT_TRUE(swapped.at_end());
  JsonReadBack longer(R"({"ab":1})");
  EXPECT_TRUE(longer.begin_object());
  EXPECT_FALSE(longer.key("a"));
}

TEST(JsonReadBack, RefusesSpaces) {
  int number = 0;
  JsonReadBack apart(R"({"a":1 ,"b":2})");
  EXPECT_TRUE(apart.begin_object() && apart.key("a"));
  EXPECT_FALSE(apart.value(number));
}

TEST(JsonReadBack, PassesOverAMemberOfAnyShape) {
  for (const auto* value : {"null", "true", "-1.5e+3", "\"\"", R"("\"}\\")", "[]", "{}",
                            R"([1,[2,{"b":"]"}],"}"])", R"({"b":{"b":[{}],"c":"\\"},"d":[]})"}) {
    std::string text;
    const std::string json = R"({"unknown":)" + std::string(value) + R"(,"known":"text"})";
    JsonReadBack reader(json);
    EXPECT_TRUE(reader.begin_object() && reader.skip_member()) << value;
    EXPECT_TRUE(reader.key("known") && reader.value(text) && reader.end_object()) << value;
    EXPECT_EQ(text, "text") << value;
  }
}

TEST(JsonReadBack, DoesNotPassOverWhatIsNoMember) {
  const std::string deep(1'000, '[');
  for (const std::string& text :
       {std::string(), "7:1"s, R"("a")"s, R"("a":)"s, R"("a":])"s, R"("a":[1})"s, R"("a":{"b"})"s,
        R"("a":"b)"s, R"("a":{"b":1)"s, R"("a":[1,])"s, R"("a":@)"s, R"("a":)" + deep}) {
    JsonReadBack reader(text);
    EXPECT_FALSE(reader.skip_member()) << text;
  }
}

}  // namespace
}  // namespace cc
