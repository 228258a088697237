#include "api/query/needle.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

#include "api/query/value.h"

namespace cc::api {
namespace {

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
