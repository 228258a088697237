#include "api/http/json_body.h"

#include <gtest/gtest.h>

namespace cc::api {
namespace {

TEST(JsonBody, ReadsPlainMembers) {
  const auto body =
      JsonBody::parse(R"({"name":"ci","age":12,"gone":null})", {"name", "age", "gone"});
  ASSERT_TRUE(body);
  EXPECT_EQ(body->text("name"), "ci");
  EXPECT_EQ(body->number("age"), 12);
  EXPECT_TRUE(body->has("age"));
  EXPECT_FALSE(body->has("gone"));
  EXPECT_FALSE(body->has("other"));
  EXPECT_EQ(body->text("age"), std::nullopt);
}

TEST(JsonBody, RefusesWhatItDoesNotKnowAndNeverRepeatsAValue) {
  for (const auto* text :
       {"", "[]", "\"x\"", "{", R"({"token":"s3cret"} x)", R"({"other":"s3cret"})",
        R"({"token":"s3cret","token":"s3cret"})", R"({"token":["s3cret"]})",
        R"({"token":{"a":"s3cret"}})", "{\"token\":\"\xff\"}"}) {
    const auto body = JsonBody::parse(text, {"token"});
    ASSERT_FALSE(body) << text;
    EXPECT_EQ(body.error().message.find("s3cret"), std::string::npos);
  }
}

}  // namespace
}  // namespace cc::api
