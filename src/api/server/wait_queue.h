#pragma once
// Who makes room when all places are taken: the connection that has waited longest for its client,
// whatever for (the head of a request, its body, or that an answer is taken).

#include <functional>
#include <list>
#include <memory>
#include <optional>

namespace cc::api {

class Waiter;

/// Those that wait now, the longest first. Used on the server's thread alone.
class WaitQueue {
 public:
  /// Has the first give up; false where nobody waits.
  bool drop_longest();

 private:
  friend class Waiter;
  std::list<Waiter*> waiters_;
};

/// One connection's place in the queue, while it waits.
class Waiter {
 public:
  /// `give_up` is called from within `drop_longest`; then it waits no more.
  Waiter(std::shared_ptr<WaitQueue> queue, std::function<void()> give_up)
      : queue_(std::move(queue)), give_up_(std::move(give_up)) {}
  ~Waiter() { stop(); }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  /// Waits from now on, also where it waited before.
  void start();
  void stop();

 private:
  friend class WaitQueue;
  std::shared_ptr<WaitQueue> queue_;
  std::function<void()> give_up_;
  std::optional<std::list<Waiter*>::iterator> place_;  // while it waits
};

/// Waits as long as it lives.
class Waiting {
 public:
  explicit Waiting(Waiter& waiter) : waiter_(waiter) { waiter_.start(); }
  ~Waiting() { waiter_.stop(); }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  Waiter& waiter_;
};

}  // namespace cc::api
