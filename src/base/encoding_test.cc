#include "base/encoding.h"

#include <array>

#include <gtest/gtest.h>

namespace cc {
namespace {

using Bytes = std::array<unsigned char, 4>;

std::string every_byte() {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  return bytes;
}

TEST(Hex, WritesTwoLowerCaseDigitsForEachByte) {
  EXPECT_EQ(to_hex(Bytes{0x00, 0x0F, 0xA0, 0xFF}), "000fa0ff");
  EXPECT_EQ(to_hex({}), "");
}

TEST(Hex, ReadsWhatItWrote) {
  EXPECT_EQ(from_hex("000fa0ff"), std::string("\x00\x0F\xA0\xFF", 4));
  EXPECT_EQ(from_hex(""), "");
}

TEST(Hex, RefusesWhatItWouldNotWrite) {
  for (const char* bad : {"0", "abc", "AB", "0x12", "g0", "12 34", "12\n", "ab:cd"}) {
    EXPECT_EQ(from_hex(bad), std::nullopt) << bad;
  }
  EXPECT_EQ(from_hex(std::string_view("12\0", 3)), std::nullopt);
}

// The vectors of RFC 4648, section 10, without their padding.
TEST(Base64url, AgreesWithTheStandard) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kVectors{
      {{"", ""},
       {"f", "Zg"},
       {"fo", "Zm8"},
       {"foo", "Zm9v"},
       {"foob", "Zm9vYg"},
       {"fooba", "Zm9vYmE"},
       {"foobar", "Zm9vYmFy"}}};
  for (const auto& [bytes, text] : kVectors) {
    EXPECT_EQ(to_base64url(bytes), text);
    EXPECT_EQ(from_base64url(text), bytes);
  }
}

TEST(Base64url, UsesTheLettersThatAnAddressMayHold) {
  EXPECT_EQ(to_base64url(Bytes{0xFB, 0xFF, 0xFE, 0xFF}), "-__-_w");
}

TEST(Base64url, ReadsWhatItWroteAtEveryLength) {
  const std::string bytes = every_byte();
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    EXPECT_EQ(from_base64url(to_base64url(bytes.substr(0, size))), bytes.substr(0, size));
  }
}

TEST(Base64url, RefusesWhatItWouldNotWrite) {
  for (const char* bad : {"A", "AAAAA", "Zg==", "Zm+v", "Zm/v", "Zm 9v", "Zm9v\n", "Z\xC3\xA9"}) {
    EXPECT_EQ(from_base64url(bad), std::nullopt) << bad;
  }
  EXPECT_EQ(from_base64url(std::string_view("Zm9\0", 4)), std::nullopt);
}

// Otherwise two tokens would stand for one place.
TEST(Base64url, RefusesBitsLeftOver) {
  EXPECT_EQ(from_base64url("Zh"), std::nullopt);
  EXPECT_EQ(from_base64url("Zm9"), std::nullopt);
}

}  // namespace
}  // namespace cc
