#include "journal/decode.h"

#include <gmock/gmock.h>

namespace cc::journal {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kSession =
    R"({"gateway":"alpha","key":"k","title":"t\u0009","version":7})";

std::string body(std::string_view more) {
  std::string text = R"({"at":1,"gateway":"alpha","source":"ws","cause":"sessions.changed")";
  return text.append(more).append("}");
}

TEST(Decode, ReadsRowsAndRemovals) {
  const auto changes = decode(body(R"(,"sessions":{"upsert":[)" + std::string(kSession) +
                                   R"(],"remove":[{"gateway":"alpha","key":"gone"}]})"
                                   R"(,"gateways":{"upsert":[],"remove":[{"name":"alpha"}]})"));
  ASSERT_TRUE(changes) << changes.error().message;
  EXPECT_EQ(changes->gateway, "alpha");
  EXPECT_EQ(changes->source, fleet::Source::kWs);
  EXPECT_EQ(changes->cause, fleet::Cause::kSessionsChanged);
  ASSERT_EQ(changes->sessions.upsert.size(), 1U);
  EXPECT_EQ(changes->sessions.upsert[0]->title(), "t\t");
  EXPECT_EQ(changes->sessions.upsert[0]->version(), 7U);
  EXPECT_THAT(changes->sessions.remove, ElementsAre("gone"));
  EXPECT_THAT(changes->gateways.remove, ElementsAre("alpha"));
}

TEST(Decode, PassesOverWhatALaterReleaseTells) {
  const auto changes = decode(
      R"({"sessions":{"moved":[1],"remove":[{"why":null,"key":"gone"}],"upsert":[]},"part":1,)"
      R"("runs":{"upsert":[{"a":[{}]}]},"cause":"poll","source":"rest","gateway":"alpha"})");
  ASSERT_TRUE(changes) << changes.error().message;
  EXPECT_THAT(changes->sessions.remove, ElementsAre("gone"));
}

TEST(Decode, SaysWhatIsWrong) {
  const auto message = [](std::string_view text) {
    const auto changes = decode(text);
    if (changes) return std::string("it was read");
    EXPECT_EQ(changes.error().code, ErrorCode::kCorrupt);
    return changes.error().message;
  };
  EXPECT_THAT(message(""), HasSubstr("not a JSON object"));
  EXPECT_THAT(message("[]"), HasSubstr("not a JSON object"));
  EXPECT_THAT(message(R"({"gateway":"alpha","source":"ws"})"), HasSubstr("`cause`"));
  EXPECT_THAT(message(R"({"gateway":"alpha","source":"them"})"), HasSubstr("`source`"));
  EXPECT_THAT(message(body(R"(,"cause":"whim")")), HasSubstr("`cause`"));
  EXPECT_THAT(message(body(R"(,"agents":7)")), HasSubstr("no object"));
  EXPECT_THAT(message(body(R"(,"agents":{"upsert":7})")), HasSubstr("lists"));
  EXPECT_THAT(message(body(R"(,"agents":{"upsert":[7]})")), HasSubstr("rows"));
  EXPECT_THAT(message(body(R"(,"agents":{"remove":[{"key":"k"}]})")), HasSubstr("no name"));
  EXPECT_THAT(message(body(R"(,"sessions":{"upsert":[{"gateway":"alpha","key":7}]})")),
              HasSubstr("`key`"));
  EXPECT_THAT(message(body(R"(,"sessions":{"upsert":[{"gateway":"beta","key":"k"}]})")),
              HasSubstr("another gateway"));
  EXPECT_THAT(message(body("") + "}"), HasSubstr("journal entry"));
  EXPECT_THAT(message(body("").substr(0, 50)), HasSubstr("journal entry"));
}

}  // namespace
}  // namespace cc::journal
