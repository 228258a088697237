#include "api/server/unsent.h"

#include <vector>

#include <gtest/gtest.h>

namespace cc::api {
namespace {

class UnsentTest : public ::testing::Test {
 protected:
  bool take(const std::string& client, std::size_t bytes) {
    auto share = unsent_->take(client, bytes);
    if (!share) return false;
    shares_.push_back(*std::move(share));
    return true;
  }

  std::shared_ptr<Unsent> unsent_ =
      std::make_shared<Unsent>(Unsent::Limits{.per_client = 10, .all = 25, .small = 1});
  std::vector<Unsent::Share> shares_;
};

// Three hundred pages of a megabyte were all held at once.
TEST_F(UnsentTest, AClientThatTakesNothingFillsItsShareAlone) {
  EXPECT_TRUE(take("a", 6));
  EXPECT_FALSE(take("a", 6));
  EXPECT_TRUE(take("a", 4));
  EXPECT_TRUE(take("a", 1)) << "a word that the server lives";
  EXPECT_TRUE(take("b", 6));
}

TEST_F(UnsentTest, WhatIsSentMakesRoom) {
  EXPECT_TRUE(take("a", 6));
  shares_.clear();
  EXPECT_TRUE(take("a", 10));
}

TEST_F(UnsentTest, TheFirstAnswerIsNeverTooMuch) {
  EXPECT_TRUE(take("a", 100));
  EXPECT_TRUE(take("b", 100));
  EXPECT_FALSE(take("b", 2));
}

TEST_F(UnsentTest, ManyClientsTogetherAreBoundedAsWell) {
  for (const char* client : {"a", "b", "c"}) EXPECT_TRUE(take(client, 8));
  EXPECT_FALSE(take("a", 2));
}

}  // namespace
}  // namespace cc::api
