#pragma once
// The peer: nginx with the nchan module, both from Debian.

#include <filesystem>
#include <string>

#include "bench/subject/child.h"

namespace cc::bench {

class Nchan {
 public:
  /// Whether its packages are installed.
  [[nodiscard]] static bool installed();

  /// Returns once it listens. `folder` is its own.
  explicit Nchan(const std::filesystem::path& folder, int cpu);

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] static std::string subscribe_request();
  /// Appends the request that publishes `data`.
  static void append_publish(std::string& out, std::string_view data);
  [[nodiscard]] double serving_cpu() const { return cpu_seconds(worker_); }
  [[nodiscard]] pid_t worker() const { return worker_; }

 private:
  std::uint16_t port_;
  Child child_;
  pid_t worker_ = -1;
};

}  // namespace cc::bench
