#include "base/invisible.h"

#include <gtest/gtest.h>

namespace cc {
namespace {

TEST(Invisible, BlanksAroundAValueAreNoPartOfIt) {
  EXPECT_EQ(without_blanks_around("5s\r"), "5s");
  EXPECT_EQ(without_blanks_around("\t a b \r\n"), "a b");
  EXPECT_EQ(without_blanks_around(" \n"), "");
}

TEST(Invisible, IsNamedAsPeopleWriteIt) {
  EXPECT_EQ(first_invisible("5s\u00A0"), "U+00A0");
  EXPECT_EQ(first_invisible("\uFEFFsecret"), "U+FEFF");
  EXPECT_EQ(first_invisible("a\u200Bb"), "U+200B");
  EXPECT_EQ(first_invisible("one\ntwo"), "U+000A");
  EXPECT_EQ(first_invisible("a\U000E0041"), "U+0E0041");
  EXPECT_EQ(first_invisible("a\xFF"), "byte FF");
  EXPECT_EQ(first_invisible("a\xE2\x80"), "byte E2");
}

TEST(Invisible, WhatCanBeSeenIsNotNamed) {
  EXPECT_EQ(first_invisible("pass word-Größe-שלום-🌱"), std::nullopt);
}

TEST(Invisible, IsShownInItsPlace) {
  EXPECT_EQ(show_invisible("5\u00A0s", 100), "5<U+00A0>s");
  EXPECT_EQ(show_invisible("a\r\nb\xFF", 100), "a<U+000D><U+000A>b<byte FF>");
  EXPECT_EQ(show_invisible("Größe", 3), "Grö");
}

}  // namespace
}  // namespace cc
