#pragma once
// The log on standard error: one line per event, as text or JSON. Messages are our own sentences.
// Text from outside goes into fields, where control characters are escaped.

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

  /// Writes to `out`, which must outlive it; nothing below `level`.
  Log(std::ostream& out, LogLevel level, LogFormat format);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void debug(std::string_view message, Fields fields = {});
  void info(std::string_view message, Fields fields = {});
  void warn(std::string_view message, Fields fields = {});
  void error(std::string_view message, Fields fields = {});

 private:
  void write(LogLevel level, std::string_view message, Fields fields);
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cc::telemetry
