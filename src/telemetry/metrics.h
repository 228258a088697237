#pragma once
// The figures of our own pipeline, for `/metrics`. One method per fact; names and help texts are in
// metrics.cc.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace cc::telemetry {

/// Thread-safe; every call is a few nanoseconds to a few hundred.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // gateway
  void frame_received(std::string_view gateway, std::size_t bytes);
  /// From its last byte until what it says was handed on.
  void frame_understood(std::string_view gateway, double seconds);
  /// A frame or row that could not be understood; `why` is one of a few fixed words.
  void input_refused(std::string_view gateway, std::string_view why);
  void connect_attempt(std::string_view gateway);
  void connected(std::string_view gateway, bool now);
  void sequence_gap(std::string_view gateway);
  void poll(std::string_view gateway, bool ok);

  // ingest
  void committed(std::size_t entries, std::size_t rows, double seconds);
  void commit_failed();
  void queue_depth(std::size_t observations);
  void observations_dropped(std::size_t count);
  void journal_trimmed(std::size_t entries);

  // stream
  void readers(long change);  // +1, -1
  void entries_sent(std::size_t entries, std::size_t bytes);
  void replayed(std::size_t entries);
  void reset_sent(std::string_view reason);

  // workers
  void tasks_waiting(std::size_t tasks);
  void tasks_running(long change);  // +1, -1
  void task_refused();
  void task_ended(double seconds);  // since it was submitted

  // api
  void request(std::string_view route, int status, double seconds);
  void sign_in(bool ok);

  /// Prometheus text format.
  [[nodiscard]] std::string text() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cc::telemetry
