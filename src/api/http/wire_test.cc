#include "api/http/wire.h"

#include <gtest/gtest.h>

namespace cc::api {
namespace {

TEST(ResponseHead, SaysHowTheBodyIsFramed) {
  const Response response = json_response("{}");
  EXPECT_EQ(
      response_head(response, {.length = 2, .chunked = false, .keep_alive = true}, 784111777'000),
      "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
      "Content-Type: application/json\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_NE(response_head(response, {.length = {}, .chunked = true, .keep_alive = true}, 0)
                .find("Transfer-Encoding: chunked\r\n"),
            std::string::npos);
}

/// Attack: a value that holds a line end would start a header of its own (response splitting).
TEST(ResponseHead, KeepsAValueOnItsLine) {
  Response response;
  response.with("Location", "/x\r\nSet-Cookie: a=b");
  EXPECT_EQ(response_head(response, {}, 0).find("\r\nSet-Cookie"), std::string::npos);
}

TEST(Problem, HasTheFourMembersAndTheType) {
  const Response response = problem(404, "There is \"nothing\".", {{"parameter", "x"}});
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(std::get<std::string>(response.body),
            R"({"type":"about:blank","title":"Not Found","status":404,)"
            R"("detail":"There is \"nothing\".","parameter":"x"})");
  EXPECT_EQ(response.headers.front().value, "application/problem+json");
}

}  // namespace
}  // namespace cc::api
