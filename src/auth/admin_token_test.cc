#include <gtest/gtest.h>

#include "auth/auth.h"
#include "files/testing/scratch.h"

namespace cc::auth {
namespace {

using files::testing::mode_of;
using files::testing::put;

class AdminTokenTest : public ::testing::Test {
 protected:
  files::testing::ScratchFolder scratch_;
  std::filesystem::path file_ = scratch_ / "admin-token";
};

TEST_F(AdminTokenTest, IsMadeOnceAndKept) {
  const auto made = load_or_create_admin_token(file_);
  ASSERT_TRUE(made);
  EXPECT_TRUE(made->reveal().starts_with("cca_"));
  EXPECT_EQ(made->size(), 47U);
  EXPECT_EQ(mode_of(file_), 0600U);
  EXPECT_EQ(load_or_create_admin_token(file_)->reveal(), made->reveal());
  EXPECT_NE(load_or_create_admin_token(scratch_ / "other")->reveal(), made->reveal());
}

TEST_F(AdminTokenTest, OneOfOnesOwnIsTakenWithoutBlanks) {
  put(file_, "  a token of my own\n");
  EXPECT_EQ(load_or_create_admin_token(file_)->reveal(), "a token of my own");
}

TEST_F(AdminTokenTest, OneThatIsShortOrOpenIsRefused) {
  put(file_, "short\n");
  EXPECT_EQ(load_or_create_admin_token(file_).error().code, ErrorCode::kInvalid);
  put(file_, "long enough for a token\n", std::filesystem::perms{0644});
  const auto read = load_or_create_admin_token(file_);
  EXPECT_EQ(read.error().code, ErrorCode::kRefused);
  EXPECT_FALSE(read.error().message.contains("long enough")) << "a secret in a message";
}

}  // namespace
}  // namespace cc::auth
