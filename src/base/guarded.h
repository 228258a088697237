#pragma once
// Locks whose rules the compiler checks: clang refuses code that touches a GUARDED_BY member
// without its mutex (-Wthread-safety); g++ takes the annotations for nothing. The mutexes of the
// standard library carry none, so these stand around them.
//
// A lambda is checked as a function of its own: one that is called with the lock held says so,
// `[this]() REQUIRES(mutex_) { … }`.

#include <mutex>
#include <shared_mutex>

#ifdef __clang__
#define CC_ANNOTATION(what) __attribute__((what))
#else
#define CC_ANNOTATION(what)
#endif

/// A member: may be touched only with the mutex held; read, with a SharedMutex shared.
#define GUARDED_BY(mutex) CC_ANNOTATION(guarded_by(mutex))
/// A function: is called with the mutex held.
#define REQUIRES(mutex) CC_ANNOTATION(requires_capability(mutex))
/// A function that looks elsewhere for its safety; a comment says where.
#define NOT_CHECKED_FOR_LOCKS CC_ANNOTATION(no_thread_safety_analysis)

namespace cc {

class CC_ANNOTATION(capability("mutex")) Mutex {
 public:
  void lock() CC_ANNOTATION(acquire_capability()) { mutex_.lock(); }
  void unlock() CC_ANNOTATION(release_capability()) { mutex_.unlock(); }

 private:
  friend class MutexLock;
  std::mutex mutex_;
};

/// Holds a mutex as long as it lives.
class CC_ANNOTATION(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) CC_ANNOTATION(acquire_capability(mutex)) : lock_(mutex.mutex_) {}
  ~MutexLock() CC_ANNOTATION(release_capability()) {}
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

  /// For a condition variable, which lets go of the mutex while it waits.
  [[nodiscard]] std::unique_lock<std::mutex>& for_condition() { return lock_; }

 private:
  std::unique_lock<std::mutex> lock_;
};

/// Many readers or one writer. A writer that waits has its turn: std::shared_mutex prefers readers
/// here, and a steady stream of them would starve it.
class CC_ANNOTATION(capability("shared_mutex")) SharedMutex {
 public:
  void lock() CC_ANNOTATION(acquire_capability()) {
    gate_.lock();
    mutex_.lock();
  }
  void unlock() CC_ANNOTATION(release_capability()) {
    mutex_.unlock();
    gate_.unlock();
  }
  void lock_shared() CC_ANNOTATION(acquire_shared_capability()) {
    const std::scoped_lock turn(gate_);
    mutex_.lock_shared();
  }
  void unlock_shared() CC_ANNOTATION(release_shared_capability()) { mutex_.unlock_shared(); }

 private:
  std::mutex gate_;
  std::shared_mutex mutex_;
};

class CC_ANNOTATION(scoped_lockable) WriterLock {
 public:
  explicit WriterLock(SharedMutex& mutex) CC_ANNOTATION(acquire_capability(mutex)) : mutex_(mutex) {
    mutex_.lock();
  }
  ~WriterLock() CC_ANNOTATION(release_capability()) { mutex_.unlock(); }
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;

 private:
  SharedMutex& mutex_;
};

class CC_ANNOTATION(scoped_lockable) ReaderLock {
 public:
  explicit ReaderLock(SharedMutex& mutex) CC_ANNOTATION(acquire_shared_capability(mutex))
      : mutex_(mutex) {
    mutex_.lock_shared();
  }
  ~ReaderLock() CC_ANNOTATION(release_capability()) { mutex_.unlock_shared(); }
  ReaderLock(const ReaderLock&) = delete;
  ReaderLock& operator=(const ReaderLock&) = delete;

 private:
  SharedMutex& mutex_;
};

}  // namespace cc
