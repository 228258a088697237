#include "files/private_file.h"

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "files/testing/scratch.h"

namespace cc::files {
namespace {

using testing::content_of;
using ::testing::HasSubstr;
using testing::mode_of;
using testing::put;

/// This process cannot write beyond so many bytes of a file, as if the disk ended there.
void limit_files_to(rlim_t bytes) {
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = bytes;
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

class PrivateFileTest : public ::testing::Test {
 protected:
  [[nodiscard]] auto files() const {
    return std::distance(std::filesystem::directory_iterator(scratch_.path()), {});
  }

  testing::ScratchFolder scratch_;
  std::filesystem::path file_ = scratch_ / "it";
};

TEST_F(PrivateFileTest, WhatIsWrittenIsReadBackAndPrivate) {
  ASSERT_TRUE(replace_private(file_, "one"));
  ASSERT_TRUE(replace_private(file_, "two"));
  EXPECT_EQ(read_private(file_).value(), "two");
  EXPECT_EQ(mode_of(file_), 0600U);
}

TEST_F(PrivateFileTest, NothingElseStaysBehind) {
  ASSERT_TRUE(replace_private(file_, "one"));
  ASSERT_TRUE(create_private(scratch_ / "other", "two"));
  EXPECT_EQ(files(), 2);
}

TEST_F(PrivateFileTest, AFileThatIsNotThereIsNotAnError) {
  const auto read = read_private(file_);
  ASSERT_TRUE(read);
  EXPECT_FALSE(*read);
}

// --- reading what somebody else put there ---

TEST_F(PrivateFileTest, APipeDoesNotHangTheStart) {
  ASSERT_EQ(::mkfifo(file_.c_str(), 0600), 0);
  EXPECT_EQ(read_private(file_).error().code, ErrorCode::kRefused);
}

TEST_F(PrivateFileTest, AFolderIsRefused) {
  std::filesystem::create_directory(file_);
  EXPECT_EQ(read_private(file_).error().code, ErrorCode::kRefused);
}

TEST_F(PrivateFileTest, ALinkIsNotFollowed) {
  put(scratch_ / "elsewhere", "of somebody else");
  std::filesystem::create_symlink(scratch_ / "elsewhere", file_);
  const auto read = read_private(file_);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kRefused);
  EXPECT_THAT(read.error().message, HasSubstr("is a link"));
}

// Kubernetes mounts secrets as links, and certbot gives certificates as links.
TEST_F(PrivateFileTest, ALinkThatTheOperatorNamedIsFollowed) {
  put(scratch_ / "..data", "secret");
  std::filesystem::create_symlink(scratch_ / "..data", file_);
  EXPECT_EQ(read_private(file_, {.links = Links::kFollow}).value(), "secret");
  std::filesystem::permissions(scratch_ / "..data", std::filesystem::perms{0644});
  EXPECT_EQ(read_private(file_, {.links = Links::kFollow}).error().code, ErrorCode::kRefused);
}

TEST_F(PrivateFileTest, AFileThatOthersCanReadIsRefusedWithAdvice) {
  put(file_, "secret", std::filesystem::perms{0640});
  const auto read = read_private(file_);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kRefused);
  EXPECT_THAT(read.error().message, HasSubstr("(mode 0640); run: chmod 600 '" + file_.string()));
}

TEST_F(PrivateFileTest, AFileBeyondTheLimitIsRefusedAndOneAtTheLimitIsRead) {
  put(file_, "12345678");
  EXPECT_EQ(read_private(file_, {.max_bytes = 8}).value(), "12345678");
  EXPECT_EQ(read_private(file_, {.max_bytes = 7}).error().code, ErrorCode::kTooLarge);
}

// --- writing ---

TEST_F(PrivateFileTest, ADraftThatWasLeftBehindIsReplaced) {
  put(scratch_ / "it.new", "half of wh");
  ASSERT_TRUE(replace_private(file_, "whole"));
  EXPECT_EQ(content_of(file_), "whole");
  EXPECT_EQ(files(), 1);
}

TEST_F(PrivateFileTest, ALinkInThePlaceOfTheDraftIsNotFollowed) {
  put(scratch_ / "elsewhere", "precious");
  std::filesystem::create_symlink(scratch_ / "elsewhere", scratch_ / "it.new");
  ASSERT_TRUE(replace_private(file_, "one"));
  EXPECT_EQ(content_of(scratch_ / "elsewhere"), "precious");
  EXPECT_EQ(content_of(file_), "one");
}

TEST_F(PrivateFileTest, ALinkInThePlaceOfTheFileIsReplacedAndNotFollowed) {
  put(scratch_ / "elsewhere", "precious");
  std::filesystem::create_symlink(scratch_ / "elsewhere", file_);
  ASSERT_TRUE(replace_private(file_, "one"));
  EXPECT_EQ(content_of(scratch_ / "elsewhere"), "precious");
  EXPECT_EQ(read_private(file_).value(), "one");
}

TEST_F(PrivateFileTest, AnEndInTheMiddleOfAWriteLeavesTheOldFile) {
  ASSERT_TRUE(replace_private(file_, "old"));
  EXPECT_EXIT(
      {
        limit_files_to(4);
        const auto written = replace_private(file_, "the new content");
        std::_Exit(written ? 0 : 1);
      },
      ::testing::KilledBySignal(SIGXFSZ), "");
  EXPECT_EQ(content_of(scratch_ / "it.new"), "the ");  // it did end in the middle
  EXPECT_EQ(read_private(file_).value(), "old");
  ASSERT_TRUE(replace_private(file_, "newer"));
  EXPECT_EQ(read_private(file_).value(), "newer");
}

TEST_F(PrivateFileTest, AFullDiskLeavesTheOldFileAndNoDraft) {
  ASSERT_TRUE(replace_private(file_, "old"));
  EXPECT_EXIT(
      {
        std::signal(SIGXFSZ, SIG_IGN);
        limit_files_to(4);
        std::_Exit(replace_private(file_, "the new content") ? 1 : 0);
      },
      ::testing::ExitedWithCode(0), "");
  EXPECT_EQ(read_private(file_).value(), "old");
  EXPECT_EQ(files(), 1);
}

TEST_F(PrivateFileTest, WhereTheFileCannotBeReplacedNoDraftIsLeft) {
  std::filesystem::create_directory(file_);
  EXPECT_EQ(replace_private(file_, "one").error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(files(), 1);
}

TEST_F(PrivateFileTest, WhereNothingCanBeWrittenTheSystemsWordIsGiven) {
  const auto written = replace_private(scratch_.path() / "no" / "such", "one");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(written.error().message, HasSubstr("No such file"));
}

TEST_F(PrivateFileTest, OneThatMustBeNewNeverReplaces) {
  ASSERT_TRUE(create_private(file_, "first"));
  EXPECT_EQ(create_private(file_, "second").error().code, ErrorCode::kInUse);
  EXPECT_EQ(read_private(file_).value(), "first");
  EXPECT_EQ(mode_of(file_), 0600U);
  EXPECT_EQ(files(), 1);
}

}  // namespace
}  // namespace cc::files
