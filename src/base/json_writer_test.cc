#include "base/json_writer.h"

#include <cmath>
#include <cstdlib>
#include <limits>

#include <gtest/gtest.h>

#include "base/testing/written.h"

namespace cc {
namespace {

using testing::written;

TEST(JsonWriter, PutsCommasBetweenMembersAndElements) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("a", 1).field("b", "two").key("c").begin_array();
  json.value(true).null().begin_object().end_object().begin_array().end_array().value(2);
  json.end_array().key("d").begin_object().field("e", false).end_object().end_object();
  EXPECT_EQ(out, R"({"a":1,"b":"two","c":[true,null,{},[],2],"d":{"e":false}})");
}

TEST(JsonWriter, AppendsToWhatIsThere) {
  std::string out = "data: ";
  JsonWriter(out).begin_array().raw(R"({"x":1})").raw("2").end_array();
  EXPECT_EQ(out, R"(data: [{"x":1},2])");
}

TEST(JsonWriter, EscapesWhatJsonMustEscapeAndDel) {
  EXPECT_EQ(written("say \"hi\" \\ \n\r\t"), R"("say \"hi\" \\ \n\r\t")");
  EXPECT_EQ(written(std::string_view("\0\x01\x1F\x7F", 4)), R"("\u0000\u0001\u001f\u007f")");
  EXPECT_EQ(written("/ ' < \xC3\xA4 \xF0\x9F\x90\x99"), "\"/ ' < \xC3\xA4 \xF0\x9F\x90\x99\"");
  EXPECT_EQ(written(""), "\"\"");
}

// Eight bytes are looked at at a time: what must be escaped may stand anywhere among them.
TEST(JsonWriter, EscapesEachByteWhereverItStands) {
  for (int byte = 0; byte < 0x100; ++byte) {
    const std::string alone = written(std::string(1, static_cast<char>(byte)));
    const std::string escaped = alone.substr(1, alone.size() - 2);
    const bool must = byte < 0x20 || byte == '"' || byte == '\\' || byte == 0x7F;
    EXPECT_EQ(escaped.size() > 1, must) << byte;
    for (std::size_t place = 0; place < 20; ++place) {
      std::string text(20, '\x80');
      text[place] = static_cast<char>(byte);
      std::string expected = "\"" + std::string(20, '\x80') + "\"";
      expected.replace(place + 1, 1, escaped);
      EXPECT_EQ(written(text), expected) << byte << " at " << place;
    }
  }
}

TEST(JsonWriter, EscapesNames) {
  std::string out;
  JsonWriter(out).begin_object().field("a\"b", 1).end_object();
  EXPECT_EQ(out, R"({"a\"b":1})");
}

TEST(JsonWriter, WritesWholeNumbersInFull) {
  EXPECT_EQ(written(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(written(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
  EXPECT_EQ(written(std::int64_t{1'795'349'534'429}), "1795349534429");
}

TEST(JsonWriter, WritesDoublesSoThatTheyReadBackTheSame) {
  EXPECT_EQ(written(0.1), "0.1");
  EXPECT_EQ(written(12.5), "12.5");
  for (const double number : {0.1 + 0.2, 1e-300, std::numeric_limits<double>::max(),
                              std::numeric_limits<double>::denorm_min(), -1234567.890123}) {
    EXPECT_EQ(std::strtod(written(number).c_str(), nullptr), number);
  }
}

TEST(JsonWriter, HasNoWordForNanAndInfinity) {
  EXPECT_EQ(written(std::nan("")), "null");
  EXPECT_EQ(written(-std::numeric_limits<double>::infinity()), "null");
}

TEST(JsonWriter, WritesAnEmptyOptionalAsNull) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("a", std::optional<std::string>());
  json.field("b", std::optional<std::string>("x")).field("c", std::optional<std::int64_t>(0));
  json.field("d", std::optional<double>(0.5)).field("e", std::optional<bool>(false)).end_object();
  EXPECT_EQ(out, R"({"a":null,"b":"x","c":0,"d":0.5,"e":false})");
}

}  // namespace
}  // namespace cc
