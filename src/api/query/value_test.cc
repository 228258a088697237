#include "api/query/value.h"

#include <gtest/gtest.h>

namespace cc::api {
namespace {

TEST(Value, ComparesWithinItsKind) {
  EXPECT_LT(compare(Value(std::int64_t{1}), Value(std::int64_t{2})), 0);
  EXPECT_GT(compare(Value(2.5), Value(-1.0)), 0);
  EXPECT_LT(compare(Value(false), Value(true)), 0);
  EXPECT_LT(compare(Value(std::string_view("Z")), Value(std::string_view("a"))), 0);
  EXPECT_EQ(compare(Value(std::string_view("a")), Value(std::string_view("a"))), 0);
}

TEST(Value, AListMatchesByOneOfItsItems) {
  const Texts roles{"node", "operator"};
  EXPECT_TRUE(matches(&roles, OwnedValue("operator")));
  EXPECT_FALSE(matches(&roles, OwnedValue("admin")));
  EXPECT_FALSE(matches(&roles, OwnedValue()));
}

TEST(Value, NullMatchesNullAlone) {
  EXPECT_TRUE(matches(Value(), OwnedValue()));
  EXPECT_FALSE(matches(Value(), OwnedValue("")));
  EXPECT_FALSE(matches(Value(std::string_view("null")), OwnedValue()));
}

TEST(FoldCase, KnowsMoreThanAscii) {
  EXPECT_EQ(fold_case("Otto ÄÖÜ É ß"), "otto äöü é ß");
  EXPECT_EQ(fold_case("ΑΩ ЖЯ Ё Č"), "αω жя ё č");
  EXPECT_EQ(fold_case("日本 😀 ×÷"), "日本 😀 ×÷");
}

}  // namespace
}  // namespace cc::api
