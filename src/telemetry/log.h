#pragma once
// The log on standard error: one line per event, as text or JSON. Messages are our own sentences.
// Text from outside goes into fields, where control characters are escaped.

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

namespace cc::telemetry {

enum class LogLevel { kDebug, kInfo, kWarn, kError };
enum class LogFormat { kText, kJson };

struct LogField {
  std::string_view name;
  std::string value;
};

/// Thread-safe. Text: `2026-11-22T19:37:29.123Z info  message name=value name="a value"`.
/// JSON: `{"at":ms,"level":"info","message":"…","name":"value"}`.
class Log {
 public:
  using Fields = std::initializer_list<LogField>;

  /// Writes to `out`, which must outlive it; nothing below `level`. For tests: a call returns when
  /// its line is written.
  Log(std::ostream& out, LogLevel level, LogFormat format);
  /// Writes to a descriptor of the system, from a thread of its own: no caller ever waits for
  /// whoever reads it. What is not taken in time is dropped, counted, and told once it is taken
  /// again. The descriptor stays open for as long as the process does.
  Log(int descriptor, LogLevel level, LogFormat format);
  /// Gives what is still queued a second.
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void debug(std::string_view message, Fields fields = {});
  void info(std::string_view message, Fields fields = {});
  void warn(std::string_view message, Fields fields = {});
  void error(std::string_view message, Fields fields = {});

  /// A warning that others can cause as often as they like. Of one message about one `whose`, the
  /// first in a minute is written at once; those after it are counted, and told together with the
  /// next of these warnings after that minute, or in the end.
  void warn_folded(std::string_view message, std::string_view whose, Fields fields = {});

  /// Lines that were dropped so far.
  [[nodiscard]] std::uint64_t dropped() const;

 private:
  void write(LogLevel level, std::string_view message, Fields fields);
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cc::telemetry
