#include "api/server/wait_queue.h"

namespace cc::api {

bool WaitQueue::drop_longest() {
  if (waiters_.empty()) return false;
  Waiter& longest = *waiters_.front();
  longest.stop();
  longest.give_up_();
  return true;
}

void Waiter::start() {
  stop();
  place_ = queue_->waiters_.insert(queue_->waiters_.end(), this);
}

void Waiter::stop() {
  if (!place_) return;
  queue_->waiters_.erase(*place_);
  place_.reset();
}

}  // namespace cc::api
