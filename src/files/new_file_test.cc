#include "files/new_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "files/testing/scratch.h"

namespace cc::files {
namespace {

using testing::content_of;
using ::testing::HasSubstr;

class NewFileTest : public ::testing::Test {
 protected:
  NewFile begin(std::string_view content) {
    auto made = NewFile::beside(target_);
    EXPECT_TRUE(made) << made.error().message;
    EXPECT_TRUE(write_all(made->descriptor(), content));
    return std::move(*made);
  }
  [[nodiscard]] auto files() const {
    return std::distance(std::filesystem::directory_iterator(scratch_.path()), {});
  }

  testing::ScratchFolder scratch_;
  const std::filesystem::path target_ = scratch_ / "same.db";
};

TEST_F(NewFileTest, HasItsNameWhenItIsWholeAndPrivate) {
  auto file = begin("whole");
  EXPECT_FALSE(std::filesystem::exists(target_));
  ASSERT_TRUE(file.finish());
  EXPECT_EQ(content_of(target_), "whole");
  EXPECT_EQ(testing::mode_of(target_), 0600U);
  EXPECT_EQ(files(), 1);
}

// Two backups to one name wrote into one file, and the killed one cut it off for the other.
TEST_F(NewFileTest, TwoForOneNameDoNotTouchEachOther) {
  auto first = begin("first");
  {
    auto second = begin("second, given up");
  }
  auto third = begin("third");
  ASSERT_TRUE(first.finish());
  const auto late = third.finish();
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(content_of(target_), "first");
}

TEST_F(NewFileTest, WhatIsBesideItIsLeftAlone) {
  testing::put(scratch_ / "same.db.partial", "somebody else's");
  ASSERT_TRUE(begin("whole").finish());
  EXPECT_EQ(content_of(scratch_ / "same.db.partial"), "somebody else's");
}

TEST_F(NewFileTest, IsNotBegunWhereTheNameIsTaken) {
  testing::put(target_, "precious");
  EXPECT_EQ(NewFile::beside(target_).error().code, ErrorCode::kInvalid);
  std::filesystem::remove(target_);
  std::filesystem::create_symlink("/nowhere", target_);
  EXPECT_THAT(NewFile::beside(target_).error().message, HasSubstr("is there already"));
}

}  // namespace
}  // namespace cc::files
