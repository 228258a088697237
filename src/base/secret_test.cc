#include "base/secret.h"

#include <ostream>
#include <type_traits>

#include <gtest/gtest.h>

namespace cc {
namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };

TEST(Secret, CannotBePrintedOrTurnedIntoText) {
  static_assert(Printable<std::string>);
  static_assert(!Printable<Secret>);
  static_assert(!std::is_convertible_v<Secret, std::string>);
  static_assert(!std::is_convertible_v<Secret, std::string_view>);
  static_assert(!std::is_convertible_v<std::string, Secret>);
}

TEST(Secret, KnowsItsSize) {
  EXPECT_TRUE(Secret().empty());
  EXPECT_TRUE(Secret("").empty());
  EXPECT_FALSE(Secret("x").empty());
  EXPECT_EQ(Secret("sixteen letters!").size(), 16U);
}

TEST(Secret, EqualsOnlyTheVerySameBytes) {
  const Secret secret("correct horse");
  EXPECT_TRUE(secret.equals("correct horse"));
  EXPECT_FALSE(secret.equals("correct horsf"));
  EXPECT_FALSE(secret.equals("Correct horse"));
  EXPECT_FALSE(secret.equals("correct hors"));
  EXPECT_FALSE(secret.equals("correct horse "));
  EXPECT_FALSE(secret.equals(""));
}

TEST(Secret, IsNotFooledByRepetition) {
  // The comparison walks over the other text and wraps around its own.
  EXPECT_FALSE(Secret("ab").equals("abab"));
  EXPECT_FALSE(Secret("abab").equals("ab"));
  EXPECT_FALSE(Secret("a").equals("aa"));
}

TEST(Secret, EmptyEqualsEmptyAlone) {
  EXPECT_TRUE(Secret().equals(""));
  EXPECT_FALSE(Secret().equals(std::string_view("\0", 1)));
  EXPECT_FALSE(Secret().equals("x"));
}

}  // namespace
}  // namespace cc
