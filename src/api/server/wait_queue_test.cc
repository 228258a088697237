#include "api/server/wait_queue.h"

#include <string>

#include <gtest/gtest.h>

namespace cc::api {
namespace {

class Queue : public ::testing::Test {
 protected:
  Waiter waiter(char name) {
    return Waiter(queue_, [this, name] { given_up_ += name; });
  }
  std::string drop(int times) {
    given_up_.clear();
    for (int i = 0; i < times; ++i) {
      if (!queue_->drop_longest()) given_up_ += '-';
    }
    return given_up_;
  }

  std::shared_ptr<WaitQueue> queue_ = std::make_shared<WaitQueue>();
  std::string given_up_;
};

TEST_F(Queue, WhoWaitsLongestMakesRoom) {
  auto a = waiter('a');
  auto b = waiter('b');
  auto c = waiter('c');
  b.start();
  a.start();
  c.start();
  EXPECT_EQ(drop(4), "bac-");
}

TEST_F(Queue, ANewPhaseIsANewWait) {
  auto a = waiter('a');
  auto b = waiter('b');
  a.start();
  b.start();
  a.start();
  EXPECT_EQ(drop(3), "ba-");
}

TEST_F(Queue, WhoIsBusyOrGoneIsLeftAlone) {
  auto a = waiter('a');
  auto b = waiter('b');
  a.start();
  b.start();
  a.stop();
  {
    auto c = waiter('c');
    const Waiting waiting(c);
  }
  EXPECT_EQ(drop(2), "b-");
}

}  // namespace
}  // namespace cc::api
