#include "gateway/commanding/command_queue.h"

#include <gtest/gtest.h>

namespace cc::gateway {
namespace {

using fleet::Command;
using fleet::CommandStatus;
using std::chrono::seconds;

constexpr TimeMs kWall = 1'795'000'000'000;

class Queue : public ::testing::Test {
 protected:
  std::shared_ptr<Command> row(std::string id, std::string kind, std::string session) {
    auto made = std::make_shared<Command>();
    made->id = std::move(id);
    made->kind = std::move(kind);
    made->target = {"sessionKey", std::move(session)};
    made->created_at = kWall;
    return made;
  }
  void publish(const std::shared_ptr<Command>& row) { queue.published(row, now, kWall); }
  void publish_as(const std::shared_ptr<Command>& row, CommandStatus status) {
    auto changed = std::make_shared<Command>(*row);
    changed->status = status;
    queue.published(changed, now, kWall);
  }
  std::string take() {
    const auto taken = queue.take(now, [](const Command&) { return true; });
    return taken ? taken->id : "";
  }

  CommandQueue queue;
  SteadyTime now{};
};

TEST_F(Queue, OneSessionKeepsItsOrder) {
  const auto first = row("a", "session.send", "s");
  publish(first);
  publish(row("b", "session.send", "s"));
  publish(row("c", "session.send", "other"));
  EXPECT_EQ(take(), "a");
  EXPECT_EQ(take(), "c");
  EXPECT_EQ(take(), "");
  publish_as(first, CommandStatus::kSent);
  EXPECT_EQ(take(), "");
  publish_as(first, CommandStatus::kDone);
  EXPECT_EQ(take(), "b");
}

TEST_F(Queue, OnlySoManyAreUnderWay) {
  for (int i = 0; i < 20; ++i) {
    publish(row("r" + std::to_string(100 + i), "session.send", "s" + std::to_string(i)));
  }
  std::size_t taken = 0;
  while (!take().empty()) ++taken;
  EXPECT_EQ(taken, kMostInFlight);
}

TEST_F(Queue, ADecisionFromThePageCanBeTakenBackForAMoment) {
  auto decision = row("a", "approval.decide", "s");
  decision->author.via = "page";
  publish(decision);
  EXPECT_EQ(take(), "");
  EXPECT_EQ(queue.next_at(now), now + kSecondThoughts);
  now += kSecondThoughts;
  EXPECT_EQ(take(), "a");
}

TEST_F(Queue, ADecisionOfAProgramGoesAtOnce) {
  auto decision = row("a", "approval.decide", "s");
  decision->author.via = "cli";
  publish(decision);
  EXPECT_EQ(take(), "a");
}

// It was due with the commit that gave it, so it was never taken here.
TEST_F(Queue, OneThatIsSentAlreadyHoldsItsPlace) {
  const auto first = row("a", "session.send", "s");
  publish_as(first, CommandStatus::kSent);
  publish(row("b", "session.send", "s"));
  EXPECT_EQ(queue.in_flight(), 1U);
  EXPECT_EQ(take(), "");
  publish_as(first, CommandStatus::kDone);
  EXPECT_EQ(take(), "b");
}

TEST_F(Queue, OneThatIsPutBackWaits) {
  publish(row("a", "session.send", "s"));
  EXPECT_EQ(take(), "a");
  queue.put_back("a", now + seconds(1));
  EXPECT_EQ(take(), "");
  now += seconds(1);
  EXPECT_EQ(take(), "a");
}

TEST_F(Queue, WhatTheGatewayCannotDoWaits) {
  publish(row("a", "session.send", "s"));
  EXPECT_EQ(queue.take(now, [](const Command&) { return false; }), nullptr);
  EXPECT_EQ(take(), "a");
}

TEST_F(Queue, WhatHasEndedIsForgotten) {
  const auto one = row("a", "session.send", "s");
  publish(one);
  publish_as(one, CommandStatus::kRefused);
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.find("a"), nullptr);
}

}  // namespace
}  // namespace cc::gateway
