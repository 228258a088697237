#include "auth/file_audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/fake_clock.h"
#include "files/testing/scratch.h"

namespace cc::auth {
namespace {

using files::testing::content_of;
using files::testing::mode_of;
using files::testing::put;
using files::testing::ScratchFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class FileAuditTest : public ::testing::Test {
 protected:
  FileAuditTest() { open(); }

  void open(std::uint64_t max_bytes = 16U << 20U) {
    audit_.reset();
    auto opened = Audit::open({.file = file_, .max_bytes = max_bytes}, clock_);
    ASSERT_TRUE(opened) << opened.error().message;
    audit_ = std::move(*opened);
  }
  void sign_in(const std::string& who) const {
    ASSERT_TRUE(audit_->record({.who = who, .address = "192.0.2.1"}));
  }
  void refuse(int times) const {
    for (int i = 0; i < times; ++i) {
      ASSERT_TRUE(audit_->record({.result = AuditResult::kRefused, .address = "192.0.2.9"}));
    }
  }
  [[nodiscard]] std::vector<std::string> who(std::optional<std::uint64_t> before = {},
                                             std::size_t limit = 100) const {
    std::vector<std::string> names;
    const auto read = audit_->read(before, limit).value();
    for (const auto& entry : read) {
      names.push_back(std::to_string(entry.id) + " " + entry.who);
    }
    return names;
  }

  const ScratchFolder scratch_;
  const std::filesystem::path file_ = scratch_.path() / "audit.jsonl";
  FakeClock clock_;
  std::unique_ptr<Audit> audit_;
};

TEST_F(FileAuditTest, TellsWhoWhenWhereAndWhat) {
  ASSERT_TRUE(audit_->record({.event = AuditEvent::kTokenCreate,
                              .who = "admin",
                              .address = "192.0.2.1",
                              .subject = "1f ci"}));
  const AuditEntry expected{.id = 1,
                            .at = clock_.wall(),
                            .event = AuditEvent::kTokenCreate,
                            .who = "admin",
                            .address = "192.0.2.1",
                            .subject = "1f ci"};
  EXPECT_EQ(audit_->read({}, 10).value(), std::vector{expected});
  EXPECT_EQ(mode_of(file_), 0600U);
}

TEST_F(FileAuditTest, IsReadFromTheNewestOnAndByPages) {
  for (const auto* name : {"a", "b", "c", "d"}) sign_in(name);
  EXPECT_THAT(who({}, 2), ElementsAre("4 d", "3 c"));
  EXPECT_THAT(who(3, 2), ElementsAre("2 b", "1 a"));
  EXPECT_THAT(who(1), ElementsAre());
}

TEST_F(FileAuditTest, GoesOnAfterARestart) {
  sign_in("a");
  open();
  sign_in("b");
  EXPECT_THAT(who(), ElementsAre("2 b", "1 a"));
}

/// The machine stopped in the middle of a line.
TEST_F(FileAuditTest, ALineThatWasCutOffCostsItselfAlone) {
  sign_in("a");
  sign_in("b");
  audit_.reset();
  const auto content = content_of(file_);
  put(file_, content.substr(0, content.size() - 20));
  open();
  sign_in("c");
  EXPECT_THAT(who(), ElementsAre("2 c", "1 a"));
}

TEST_F(FileAuditTest, IsBoundedAndLosesTheOldestFirst) {
  open(2'000);
  for (int i = 0; i < 100; ++i) sign_in("somebody");
  const auto kept = who();
  EXPECT_GT(kept.size(), 10U);
  EXPECT_LT(kept.size(), 40U);
  EXPECT_EQ(kept.front(), "100 somebody");
  EXPECT_LT(content_of(file_).size(), 2'300U);
  open(2'000);
  sign_in("somebody");
  EXPECT_EQ(who().front(), "101 somebody");
}

TEST_F(FileAuditTest, FailuresThatRepeatAreToldTogether) {
  refuse(50);
  sign_in("a");
  const auto read = audit_->read({}, 10).value();
  ASSERT_EQ(read.size(), 3U);
  EXPECT_EQ(read[0].times, 49U);
  EXPECT_EQ(read[1].who, "a");
  EXPECT_EQ(read[2].times, 1U);
}

TEST_F(FileAuditTest, WhatSucceedsIsWrittenEachTime) {
  for (int i = 0; i < 3; ++i) sign_in("a");
  EXPECT_EQ(who().size(), 3U);
}

TEST_F(FileAuditTest, KindsOfFailureAreToldApart) {
  const AuditEntry refused{.result = AuditResult::kRefused, .address = "192.0.2.1"};
  AuditEntry other = refused;
  other.result = AuditResult::kWaiting;
  AuditEntry request = other;
  request.event = AuditEvent::kRequest;
  for (const auto& entry : {refused, other, request}) ASSERT_TRUE(audit_->record(entry));
  EXPECT_EQ(who().size(), 3U);
}

/// Attack: a thousand networks, to fill the record and push out what happened before.
TEST_F(FileAuditTest, ManyAddressesAreCountedTogether) {
  constexpr std::size_t kMany = 1000;
  for (std::size_t i = 0; i < kMany; ++i) {
    const std::string address = "2001:db8:0:" + std::to_string(i) + "::1";
    ASSERT_TRUE(audit_->record({.result = AuditResult::kRefused, .address = address}));
  }
  const auto read = audit_->read({}, kMany).value();
  EXPECT_LT(read.size(), 70U);
  EXPECT_EQ(read[0].address, "") << "several";
  EXPECT_EQ(read[0].times + read.size() - 1, kMany);
}

TEST_F(FileAuditTest, FailuresOfOneNetworkAreToldAsItsOwn) {
  for (const char* address : {"2001:db8::1", "2001:db8::2", "2001:db8::3"}) {
    ASSERT_TRUE(audit_->record({.result = AuditResult::kRefused, .address = address}));
  }
  const auto read = audit_->read({}, 10).value();
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0].address, "2001:db8::/64");
  EXPECT_EQ(read[0].times, 2U);
}

TEST_F(FileAuditTest, WhatWasOnlyCountedIsWrittenAtTheEnd) {
  refuse(3);
  open();
  EXPECT_THAT(content_of(file_), HasSubstr("\"times\":2"));
}

TEST_F(FileAuditTest, OneThatOthersCanReadIsRefused) {
  audit_.reset();
  std::filesystem::permissions(file_, std::filesystem::perms{0640});
  EXPECT_EQ(Audit::open({.file = file_}, clock_).error().code, ErrorCode::kRefused);
}

/// Attack: a name that ends the line and writes another.
TEST_F(FileAuditTest, NamesCannotForgeALine) {
  sign_in("a\"}\n{\"id\":99,\"event\":\"sign-in\",\"result\":\"ok\",\"who\":\"forged");
  EXPECT_EQ(audit_->read({}, 10).value().size(), 1U);
}

}  // namespace
}  // namespace cc::auth
