#include "api/query/value.h"

#include <random>

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

// Where the needle is ASCII the text is not folded; both ways must find the same.
TEST(Needle, FindsWhatFoldingFinds) {
  for (const std::string text : {"Quarterly report", "a QuQUARTER b", "quarte", "QUARTEÄRQ", "",
                                 "q", "über Otto", "ÜBER ALLES", "[a]{A}@`", "Z"}) {
    for (const std::string needle :
         {"quarter", "q", "otto", "über", "ü", "a]", "`", "@", "z", "rq"}) {
      const bool folded = fold_case(text).find(needle) != std::string::npos;
      EXPECT_EQ(Needle(needle).is_in(text), folded) << needle << " in " << text;
    }
  }
}

// Long texts are looked through in blocks: what is found must not depend on where it stands.
TEST(Needle, FindsWhatFoldingFindsInTextsOfAnyLength) {
  std::minstd_rand random(5);
  const auto draw = [&](std::size_t size, std::string_view letters) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += letters[random() % letters.size()];
    return text;
  };
  int found = 0;
  for (int round = 0; round < 20'000; ++round) {
    const std::string text = draw(random() % 70, "abAB@`");
    const std::string needle = draw(1 + random() % 6, "ab@`");
    const bool folded = fold_case(text).find(needle) != std::string::npos;
    ASSERT_EQ(Needle(needle).is_in(text), folded) << needle << " in " << text;
    found += folded ? 1 : 0;
  }
  EXPECT_GT(found, 1'000);
}

}  // namespace
}  // namespace cc::api
