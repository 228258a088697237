#pragma once
// The limit of fan-out: an epoll loop that does nothing but hand the same bytes to all its readers.

#include <cstdint>
#include <filesystem>
#include <string>

#include "bench/subject/child.h"

namespace cc::bench {

/// No cursors, no login: whoever says GET gets what is published from now on. Published events come
/// over a connection that begins with `kPublisher`, as they are to go out, and all of one size.
/// What came in together goes out in one gather write per reader.
///
/// A process of its own, for its account of CPU seconds and of open files.
class BareFanout {
 public:
  struct Spec {
    std::filesystem::path folder;  // its own
    std::size_t event_bytes = 0;
    bool commits = false;  // what came in together is committed, in full, before it goes out
    int cpu = -1;
  };
  /// Returns once it listens.
  explicit BareFanout(const Spec& spec);

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] double serving_cpu() const { return cpu_seconds(child_.pid()); }

  [[nodiscard]] static std::string subscribe_request();
  static constexpr char kPublisher = 'P';
  /// An event as ours looks: a chunk with id, event and data, of the size that all have.
  [[nodiscard]] static std::string event(std::uint64_t number, std::size_t bytes);

  /// What the process runs, and how it is asked to: `cc-bench --limit FOLDER EVENT_BYTES COMMITS`.
  static constexpr const char* kFlag = "--limit";
  static int serve(const std::filesystem::path& folder, std::size_t event_bytes, bool commits);

 private:
  Child child_;
  std::uint16_t port_;
};

}  // namespace cc::bench
