#include "files/lock.h"

#include <gtest/gtest.h>

#include "files/testing/scratch.h"

namespace cc::files {
namespace {

class FileLockTest : public ::testing::Test {
 protected:
  testing::ScratchFolder scratch_;
  std::filesystem::path file_ = scratch_ / "lock";
};

TEST_F(FileLockTest, IsOfOneAtATime) {
  const auto first = FileLock::take(file_);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(FileLock::take(file_).error().code, ErrorCode::kInUse);
}

TEST_F(FileLockTest, GoesWithItsHolderAndTheFileStays) {
  ASSERT_TRUE(FileLock::take(file_));
  EXPECT_TRUE(std::filesystem::exists(file_));
  EXPECT_TRUE(FileLock::take(file_));
  EXPECT_TRUE(FileLock::wait_for(file_));
}

TEST_F(FileLockTest, GoesWhereItIsMovedTo) {
  auto first = FileLock::take(file_);
  const FileLock moved = *std::move(first);
  EXPECT_EQ(FileLock::take(file_).error().code, ErrorCode::kInUse);
}

TEST_F(FileLockTest, ALinkInItsPlaceIsNotFollowed) {
  std::filesystem::create_symlink(scratch_ / "elsewhere", file_);
  EXPECT_EQ(FileLock::take(file_).error().code, ErrorCode::kUnavailable);
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "elsewhere"));
}

TEST_F(FileLockTest, AFolderThatIsNotThereIsUnavailable) {
  EXPECT_EQ(FileLock::take(scratch_ / "no" / "lock").error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace cc::files
