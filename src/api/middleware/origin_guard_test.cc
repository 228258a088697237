#include "api/middleware/origin_guard.h"

#include <gtest/gtest.h>

namespace cc::api {
namespace {

Request write_to(std::string host, std::vector<Header> headers, Method method = Method::kPost) {
  Request request;
  request.method = method;
  request.headers = std::move(headers);
  request.headers.push_back({"Host", std::move(host)});
  return request;
}

TEST(OriginGuard, LetsProgramsAndOwnPagesWrite) {
  EXPECT_FALSE(is_foreign_write(write_to("localhost:8787", {})));
  const std::pair<const char*, const char*> own[] = {
      {"localhost:8787", "http://localhost:8787"}, {"LOCALHOST:8787", "http://localhost:8787"},
      {"cc.example", "https://cc.example"},        {"cc.example:443", "https://cc.example"},
      {"cc.example", "http://cc.example:80"},      {"[::1]:8787", "http://[::1]:8787"},
  };
  for (const auto& [host, origin] : own) {
    EXPECT_FALSE(
        is_foreign_write(write_to(host, {{"Origin", origin}, {"Sec-Fetch-Site", "same-origin"}})))
        << origin;
  }
  EXPECT_FALSE(is_foreign_write(write_to("localhost", {{"Sec-Fetch-Site", "none"}})));
}

TEST(OriginGuard, TurnsForeignWritesAway) {
  for (const auto* origin :
       {"http://evil.example", "http://localhost:3000", "http://localhost", "https://localhost",
        "null", "", "localhost:8787", "file://", "http://localhost:8787.evil.example",
        "http://127.0.0.1:8787", "http://localhost:8787/x"}) {
    EXPECT_TRUE(is_foreign_write(write_to("localhost:8787", {{"Origin", origin}}))) << origin;
  }
  for (const auto* site : {"cross-site", "same-site", "", "x"}) {
    EXPECT_TRUE(is_foreign_write(write_to("localhost", {{"Sec-Fetch-Site", site}}))) << site;
  }
}

/// Attack: one of two headers is right, in the hope that only that one is looked at.
TEST(OriginGuard, LooksAtEveryHeader) {
  EXPECT_TRUE(is_foreign_write(write_to(
      "localhost", {{"Origin", "http://evil.example"}, {"Sec-Fetch-Site", "same-origin"}})));
  EXPECT_TRUE(is_foreign_write(
      write_to("localhost", {{"Origin", "http://localhost"}, {"Sec-Fetch-Site", "cross-site"}})));
  EXPECT_TRUE(is_foreign_write(
      write_to("localhost", {{"Origin", "http://localhost"}, {"Origin", "http://evil.example"}})));
}

TEST(OriginGuard, CountsEverythingButReadingAsWriting) {
  for (const auto method : {Method::kPost, Method::kPut, Method::kPatch, Method::kDelete,
                            Method::kOptions, Method::kOther}) {
    EXPECT_TRUE(
        is_foreign_write(write_to("localhost", {{"Origin", "http://evil.example"}}, method)));
  }
  for (const auto method : {Method::kGet, Method::kHead}) {
    EXPECT_FALSE(
        is_foreign_write(write_to("localhost", {{"Origin", "http://evil.example"}}, method)));
  }
}

}  // namespace
}  // namespace cc::api
