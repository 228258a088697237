#include "api/http/target.h"

#include <gmock/gmock.h>

namespace cc::api {
namespace {

using testing::ElementsAre;

TEST(Target, IsSplitBeforeItIsDecoded) {
  const auto target = parse_target("/api/v1/sessions/default/agent%3Amain%2Fsub%20one");
  ASSERT_TRUE(target);
  EXPECT_THAT(target->path, ElementsAre("api", "v1", "sessions", "default", "agent:main/sub one"));
}

TEST(Target, KeepsEmptyPartsAndPlusInThePath) {
  EXPECT_THAT(parse_target("/")->path, ElementsAre(""));
  EXPECT_THAT(parse_target("/a//b+c/")->path, ElementsAre("a", "", "b+c", ""));
}

TEST(Target, ReadsTheQueryAsFormsAreSent) {
  const auto target = parse_target("/x?a=1&b=two+words&c=%C3%A4%2C&d&&e=f=g");
  ASSERT_TRUE(target);
  std::vector<std::string> pairs;
  for (const auto& [name, value] : target->query) pairs.push_back(name + "|" + value);
  EXPECT_THAT(pairs, ElementsAre("a|1", "b|two words", "c|ä,", "d|", "e|f=g"));
}

TEST(Target, IsRefusedWhereItIsBroken) {
  for (const auto* broken : {"", "*", "http://x/", "x", "/%", "/%4", "/%zz", "/%ff", "/?a=%c3%28",
                             "/?%ff=1", "/%ed%a0%80"}) {
    EXPECT_FALSE(parse_target(broken)) << broken;
  }
}

TEST(SplitList, SplitsAtCommasUnlessTheyAreKept) {
  EXPECT_THAT(split_list("a,b"), ElementsAre("a", "b"));
  EXPECT_THAT(split_list(""), ElementsAre(""));
  EXPECT_THAT(split_list("a\\,b,c\\d"), ElementsAre("a,b", "c\\d"));
}

}  // namespace
}  // namespace cc::api
