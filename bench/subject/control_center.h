#pragma once
// Control Center as a user runs it.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "base/cursor.h"
#include "bench/subject/child.h"
#include "bench/subject/http_client.h"

namespace cc::bench {

class ControlCenter {
 public:
  struct Spec {
    std::filesystem::path program;
    std::filesystem::path data_dir;       // made where it is not there
    std::filesystem::path configuration;  // further gateways; empty: none
    std::string gateway_url;              // empty: none
    std::string gateway_token;
    std::string gateway_access;  // empty: read
    int cpu = -1;
  };

  /// Returns once it answers `/readyz`; throws after a minute.
  explicit ControlCenter(const Spec& spec);

  /// As an operator stops it.
  void stop();

  /// Until its gateway is `live`.
  void wait_until_live();
  /// Cursor of the newest entry that is published, and its number.
  [[nodiscard]] Cursor cursor();
  [[nodiscard]] std::uint64_t head();
  /// A reader that goes on behind the entry `after`, wherever the journal is when it is served.
  struct Place {
    std::string request;
    std::uint64_t after = 0;
  };
  /// So many entries behind the newest one that is published.
  [[nodiscard]] Place place(std::uint64_t behind = 0);
  /// Waits for it to be at least `number`.
  void wait_for_head(std::uint64_t number);
  /// Throws unless the answer is a 200.
  std::string get(const std::string& target);
  [[nodiscard]] HttpClient client() const;
  /// The value of a metric that has this name and no labels.
  [[nodiscard]] double metric(const std::string& name);

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] pid_t pid() const { return child_.pid(); }
  /// Of the thread that serves, and of those that read for it.
  [[nodiscard]] double serving_cpu() const {
    return cpu_seconds(pid(), "http") + cpu_seconds(pid(), "worker-");
  }
  [[nodiscard]] double commit_cpu() const { return cpu_seconds(pid(), "ingest"); }
  [[nodiscard]] double commit_wait() const { return cpu_wait_seconds(pid(), "ingest"); }
  [[nodiscard]] double gateway_cpu() const { return cpu_seconds(pid(), "gateways"); }
  /// From exec to the first answer, in seconds.
  [[nodiscard]] double start_seconds() const { return start_seconds_; }

 private:
  void wait_until_ready(const std::filesystem::path& data_dir);

  Child child_;
  std::int64_t begun_;
  std::uint16_t port_ = 0;
  std::string login_;  // the header with its token
  double start_seconds_ = 0;
};

}  // namespace cc::bench
