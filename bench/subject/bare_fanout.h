#pragma once
// The limit of fan-out: an epoll loop that does nothing but hand the same bytes to all its readers.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace cc::bench {

/// No journal, no cursors to ask for, no login: whoever says GET gets what is published from now
/// on. Published events come over a connection that begins with 'P', as they are to go out, and all
/// of one size. A thread of its own; what came in together goes out in one gather write per reader.
class BareFanout {
 public:
  /// Is handed what came in together, whole events, before it goes out.
  using Commit = std::function<void(std::string_view)>;

  BareFanout(std::size_t event_bytes, int cpu, Commit commit = {});
  ~BareFanout();
  BareFanout(const BareFanout&) = delete;
  BareFanout& operator=(const BareFanout&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] static std::string subscribe_request();
  /// What a publisher's connection begins with.
  static constexpr char kPublisher = 'P';
  /// An event as ours looks: a chunk with id, event and data, of the size that all have.
  [[nodiscard]] static std::string event(std::uint64_t number, std::size_t bytes);
  /// CPU seconds of its thread so far.
  [[nodiscard]] double serving_cpu() const;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace cc::bench
