#pragma once
// Lines on their way to a descriptor whose reader may be slow, or may not read at all.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace cc::telemetry {

/// Written by a thread of its own, in order. Thread-safe.
class LineQueue {
 public:
  struct Limits {
    std::size_t bytes = std::size_t{4} << 20U;  // that wait at most
    int farewell_ms = 1'000;                    // in which the rest is taken in the end
  };
  /// Makes the line that tells how many were dropped; called from the queue's thread.
  using TellDropped = std::function<std::string(std::uint64_t lines)>;

  LineQueue(int descriptor, TellDropped tell) : LineQueue(descriptor, std::move(tell), Limits()) {}
  LineQueue(int descriptor, TellDropped tell, Limits limits);
  /// Waits until all is written, or for `farewell_ms`.
  ~LineQueue();
  LineQueue(const LineQueue&) = delete;
  LineQueue& operator=(const LineQueue&) = delete;

  /// Never waits for the reader: where the queue is full, the line is dropped.
  void push(std::string line);
  /// Lines, so far.
  [[nodiscard]] std::uint64_t dropped() const;

 private:
  class State;
  std::shared_ptr<State> state_;  // shared with the thread, which may be stuck in a write
};

}  // namespace cc::telemetry
