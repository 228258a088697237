#include "base/extra_headers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cc {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(ExtraHeaders, AreOnePerLine) {
  const auto headers = parse_extra_headers(
      "# for the access proxy\r\nCF-Access-Client-Id: abc.access\r\n\nX-Key:  a: b \n");
  ASSERT_TRUE(headers) << headers.error().message;
  ASSERT_EQ(headers->size(), 2U);
  EXPECT_EQ((*headers)[0].name, "CF-Access-Client-Id");
  EXPECT_EQ((*headers)[0].value.reveal(), "abc.access");
  EXPECT_EQ((*headers)[1].value.reveal(), "a: b");
  EXPECT_TRUE(parse_extra_headers("")->empty());
}

TEST(ExtraHeaders, WhatIsNoneIsNamedByItsLineAndNotRepeated) {
  for (const auto* line :
       {"hunter2", ": hunter2", "X Y: hunter2", "X: hunter2\x01", "Host: hunter2",
        "connection: hunter2", "Sec-WebSocket-Key: hunter2", "Content-Length: hunter2", "X:"}) {
    const auto headers = parse_extra_headers("A: b\n" + std::string(line) + "\n");
    ASSERT_FALSE(headers) << line;
    EXPECT_THAT(headers.error().message, HasSubstr("line 2 "));
    EXPECT_THAT(headers.error().message, Not(HasSubstr("hunter2")));
  }
}

}  // namespace
}  // namespace cc
