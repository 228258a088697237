#include "app/cli/event_pages.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/cli/api_client.h"
#include "app/cli/finding.h"

namespace cc::app {
namespace {

using ::testing::ElementsAre;

TEST(EventPage, KeepsTheBytesOfEachChangeSet) {
  const auto page = read_event_page(
      R"({"events":[{"seq":1,"costUsd":0.10,"t":"a\u0007 }"} , {"seq":2,"x":[{}]}],"cursor":"k3f9x2ab-2"})");
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_THAT(page->change_sets,
              ElementsAre(R"({"seq":1,"costUsd":0.10,"t":"a\u0007 }"})", R"({"seq":2,"x":[{}]})"));
  EXPECT_EQ(page->cursor, "k3f9x2ab-2");
}

TEST(EventPage, RefusesWhatIsNone) {
  for (const auto* body : {"", "[]", "{}", R"({"events":{},"cursor":"x"})",
                           R"({"events":[1],"cursor":"x"})", R"({"events":[]})", "<html>"}) {
    EXPECT_FALSE(read_event_page(body)) << body;
  }
}

TEST(Findings, AreOneLineEachWithoutControlCharacters) {
  std::ostringstream out;
  Findings findings(out);
  findings.ok("database", "stands at k3f9x2ab-2");
  findings.warn("gateway default", "says \x1b[31mhi\n", "approve it");
  EXPECT_FALSE(findings.any_failed());
  findings.fail("server", "gone");
  EXPECT_TRUE(findings.any_failed());
  EXPECT_EQ(out.str(),
            "ok    database: stands at k3f9x2ab-2\n"
            "warn  gateway default: says [31mhi — approve it\n"
            "fail  server: gone\n");
}

TEST(ApiAnswer, TellsTheServersWordsWithoutControlCharacters) {
  EXPECT_EQ((ApiAnswer{410, R"({"status":410,"detail":"gone\u001b for good"})"}.problem()),
            "gone for good");
  EXPECT_EQ((ApiAnswer{502, "<html>"}.problem()), "the server answers 502");
  EXPECT_EQ(percent_encoded("a-Z_0.~/ ?\xc3\xa9"), "a-Z_0.%7E%2F%20%3F%C3%A9");
}

}  // namespace
}  // namespace cc::app
