#include "auth/private_file.h"

#include <gtest/gtest.h>

#include "auth/auth.h"
#include "auth/testing/scratch.h"

namespace cc::auth {
namespace {

using testing::content_of;
using testing::mode_of;
using testing::put;

class PrivateFileTest : public ::testing::Test {
 protected:
  testing::Scratch scratch_;
  std::filesystem::path file_ = scratch_.path() / "it";
};

TEST_F(PrivateFileTest, WhatIsWrittenIsReadBackAndPrivate) {
  ASSERT_TRUE(replace_private_file(file_, "one"));
  ASSERT_TRUE(replace_private_file(file_, "two"));
  EXPECT_EQ(read_private_file(file_).value(), "two");
  EXPECT_EQ(mode_of(file_), 0600U);
}

TEST_F(PrivateFileTest, NothingElseStaysBehind) {
  ASSERT_TRUE(replace_private_file(file_, "one"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(scratch_.path()), {}), 1);
}

TEST_F(PrivateFileTest, AnInterruptedAttemptIsReplacedNotFollowed) {
  const auto elsewhere = scratch_.path() / "elsewhere";
  put(elsewhere, "precious");
  std::filesystem::create_symlink(elsewhere, scratch_.path() / "it.new");
  ASSERT_TRUE(replace_private_file(file_, "one"));
  EXPECT_EQ(content_of(elsewhere), "precious");
  EXPECT_EQ(content_of(file_), "one");
}

TEST_F(PrivateFileTest, AFileThatIsNotThereIsNotAnError) {
  const auto read = read_private_file(file_);
  ASSERT_TRUE(read);
  EXPECT_FALSE(*read);
}

TEST_F(PrivateFileTest, AFileThatOthersCanReadIsRefusedWithAdvice) {
  put(file_, "secret", std::filesystem::perms{0640});
  const auto read = read_private_file(file_);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kRefused);
  EXPECT_TRUE(read.error().message.contains("chmod 600 '" + file_.string() + "'"));
}

TEST_F(PrivateFileTest, WhatIsNoPlainFileIsRefused) {
  std::filesystem::create_directory(file_);
  EXPECT_EQ(read_private_file(file_).error().code, ErrorCode::kRefused);
}

TEST_F(PrivateFileTest, WhereNothingCanBeWrittenTheSystemsWordIsGiven) {
  const auto written = replace_private_file(scratch_.path() / "no" / "such", "one");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::kUnavailable);
}

TEST_F(PrivateFileTest, TheAdminTokenIsMadeOnceAndKept) {
  const auto made = load_or_create_admin_token(file_);
  ASSERT_TRUE(made);
  EXPECT_TRUE(made->reveal().starts_with("cca_"));
  EXPECT_EQ(made->size(), 47U);
  EXPECT_EQ(mode_of(file_), 0600U);
  EXPECT_EQ(load_or_create_admin_token(file_)->reveal(), made->reveal());
  EXPECT_NE(load_or_create_admin_token(scratch_.path() / "other")->reveal(), made->reveal());
}

TEST_F(PrivateFileTest, AnAdminTokenOfOnesOwnIsTakenWithoutBlanks) {
  put(file_, "  a token of my own\n");
  EXPECT_EQ(load_or_create_admin_token(file_)->reveal(), "a token of my own");
}

TEST_F(PrivateFileTest, AnAdminTokenThatIsShortOrOpenIsRefused) {
  put(file_, "short\n");
  EXPECT_EQ(load_or_create_admin_token(file_).error().code, ErrorCode::kInvalid);
  put(file_, "long enough for a token\n", std::filesystem::perms{0644});
  const auto read = load_or_create_admin_token(file_);
  EXPECT_EQ(read.error().code, ErrorCode::kRefused);
  EXPECT_FALSE(read.error().message.contains("long enough")) << "a secret in a message";
}

}  // namespace
}  // namespace cc::auth
