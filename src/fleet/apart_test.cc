#include "fleet/apart.h"

#include <gtest/gtest.h>

namespace cc::fleet {
namespace {

ChangeSet changes_of(Cause cause) {
  ChangeSet changes;
  changes.gateway = "alpha";
  changes.source = Source::kWs;
  changes.cause = cause;
  return changes;
}

/// All of it, as it is told.
std::vector<ChangeSet> apart(ChangeSet whole) {
  auto parts = take_apart(whole);
  if (!whole.empty()) parts.insert(parts.begin(), std::move(whole));
  return parts;
}

// A reader of `approval.update` alone saw no approval that an answer to a command had ended.
TEST(Apart, AnApprovalThatACommandEndedIsAnUpdateOfApprovals) {
  ChangeSet changes = changes_of(Cause::kCommand);
  changes.approvals.remove = {"ap-1"};
  changes.commands.remove = {"c1"};
  const auto parts = apart(std::move(changes));
  ASSERT_EQ(parts.size(), 2);
  EXPECT_EQ(parts[0].cause, Cause::kApproval);
  EXPECT_EQ(parts[0].approvals.remove.size(), 1);
  EXPECT_TRUE(parts[0].commands.empty());
  EXPECT_EQ(parts[1].cause, Cause::kCommand);
  EXPECT_EQ(parts[1].commands.remove.size(), 1);
  EXPECT_EQ(parts[1].gateway, "alpha");
  EXPECT_EQ(parts[1].source, Source::kWs);
}

// A reader of `agent.update` alone saw no agent wait.
TEST(Apart, AnAgentThatWaitsIsAnUpdateOfAgents) {
  ChangeSet changes = changes_of(Cause::kApproval);
  changes.agents.remove = {"otto"};
  changes.approvals.remove = {"ap-1"};
  const auto parts = apart(std::move(changes));
  ASSERT_EQ(parts.size(), 2);
  EXPECT_EQ(event_kind(parts[0].cause, parts[0].approvals.journaled()), EventKind::kAgentUpdate);
  EXPECT_EQ(event_kind(parts[1].cause, parts[1].approvals.journaled()), EventKind::kApprovalUpdate);
}

TEST(Apart, ASyncStaysWhole) {
  ChangeSet changes = changes_of(Cause::kResync);
  changes.agents.remove = {"otto"};
  changes.approvals.remove = {"ap-1"};
  changes.commands.remove = {"c1"};
  EXPECT_EQ(apart(std::move(changes)).size(), 1);
}

TEST(Apart, WhatIsNoRowStays) {
  ChangeSet changes = changes_of(Cause::kSessionsChanged);
  changes.doubted = {"agent:otto:main"};
  EXPECT_EQ(apart(std::move(changes)).size(), 1);
  EXPECT_TRUE(apart(changes_of(Cause::kCommand)).empty());
}

}  // namespace
}  // namespace cc::fleet
