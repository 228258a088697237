#include "auth/audit_fold.h"

#include <gtest/gtest.h>

namespace cc::auth {
namespace {

AuditEntry refusal(std::string address, TimeMs at = 0) {
  return {.at = at, .result = AuditResult::kRefused, .address = std::move(address)};
}

TEST(AuditFold, WhatSucceedsIsWrittenEachTime) {
  AuditFold fold;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(fold.passes({.who = "admin", .address = "192.0.2.1"}));
  EXPECT_TRUE(fold.take_all().empty());
}

TEST(AuditFold, TheFirstFailureOfAnAddressIsWrittenAndTheOthersCounted) {
  AuditFold fold;
  EXPECT_TRUE(fold.passes(refusal("192.0.2.1", 5)));
  EXPECT_FALSE(fold.passes(refusal("192.0.2.1", 6)));
  EXPECT_FALSE(fold.passes(refusal("192.0.2.1", 7)));
  EXPECT_TRUE(fold.passes(refusal("192.0.2.2", 8)));
  const auto due = fold.take_all();
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due.front().times, 2U);
  EXPECT_EQ(due.front().at, 7);
  EXPECT_EQ(due.front().address, "192.0.2.1");
}

TEST(AuditFold, KindsOfFailureAreToldApart) {
  AuditFold fold;
  EXPECT_TRUE(fold.passes(refusal("192.0.2.1")));
  auto other = refusal("192.0.2.1");
  other.result = AuditResult::kWaiting;
  EXPECT_TRUE(fold.passes(other));
  other.event = AuditEvent::kRequest;
  EXPECT_TRUE(fold.passes(other));
}

TEST(AuditFold, TheCountIsDueOnceTheMinuteIsOver) {
  AuditFold fold;
  EXPECT_TRUE(fold.passes(refusal("192.0.2.1", 1'000)));
  EXPECT_FALSE(fold.passes(refusal("192.0.2.1", 2'000)));
  EXPECT_TRUE(fold.take_due(60'999).empty());
  EXPECT_EQ(fold.take_due(61'000).size(), 1U);
  EXPECT_TRUE(fold.passes(refusal("192.0.2.1", 61'000))) << "a new minute";
}

/// Attack: a thousand addresses, to fill the record and push out what happened before.
TEST(AuditFold, ManyAddressesAreCountedTogether) {
  AuditFold fold;
  std::size_t written = 0;
  for (int i = 0; i < 1000; ++i) {
    written +=
        fold.passes(refusal("10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250)))
            ? 1U
            : 0U;
  }
  EXPECT_EQ(written, AuditFold::kMaxApart);
  const auto due = fold.take_all();
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due.front().times + written, 1000U);
  EXPECT_EQ(due.front().address, "");
}

}  // namespace
}  // namespace cc::auth
