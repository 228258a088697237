// Jobs, as real gateways listed them.

#include "gateway/protocol/cron.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/recordings.h"

namespace cc::gateway::protocol {
namespace {

/// The first answer that is a list of jobs.
CronPage first_list(const std::string& scenario) {
  FrameParser parser;
  for (const auto& line : read_recording(scenario)) {
    if (!line.incoming || line.is_close) continue;
    const auto frame = parser.parse(line.frame);
    const auto* response = frame ? std::get_if<ResponseFrame>(&*frame) : nullptr;
    if (response == nullptr || !response->ok) continue;
    Skipped skipped;
    if (auto page = read_cron_list(response->payload, skipped); page && !page->jobs.empty()) {
      return *page;
    }
  }
  return {};
}

TEST(Cron, AJobIsReadOnEitherProtocol) {
  for (const auto* version : {"v3", "v4"}) {
    const auto page = first_list(std::string(version) + "/actions/cron-full");
    ASSERT_FALSE(page.jobs.empty()) << version;
    const auto& job = page.jobs.front();
    EXPECT_EQ(job.name, "Job");
    EXPECT_TRUE(job.enabled);
    EXPECT_THAT(job.schedule.json, ::testing::StartsWith(R"({"kind":"every","everyMs":3600000)"));
    EXPECT_TRUE(job.next_run_at);
    EXPECT_EQ(job.consecutive_errors, 0);
    EXPECT_EQ(page.next_offset, 3);
  }
}

TEST(Cron, WhatIsNoJobCostsItselfAlone) {
  Skipped skipped;
  const auto page = read_cron_list(
      *Parsed(R"({"jobs":[7,{"id":""},{"id":"j","schedule":7,"state":{"nextRunAtMs":-1}}]})"),
      skipped);
  ASSERT_TRUE(page);
  ASSERT_EQ(page->jobs.size(), 1U);
  EXPECT_EQ(page->jobs.front().schedule.json, "{}");
  EXPECT_EQ(page->jobs.front().next_run_at, std::nullopt);
}

TEST(Cron, AnAnswerWithoutJobsIsNone) {
  Skipped skipped;
  EXPECT_FALSE(read_cron_list(*Parsed("[]"), skipped));
}

}  // namespace
}  // namespace cc::gateway::protocol
