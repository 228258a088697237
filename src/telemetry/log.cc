#include "telemetry/log.h"

#include <algorithm>

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ostream_sink.h>

#include "base/encoding.h"
#include "base/json_writer.h"
#include "base/text.h"

namespace cc::telemetry {
namespace {

std::string_view word(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return "debug";
    case LogLevel::kInfo: return "info";
    case LogLevel::kWarn: return "warn";
    case LogLevel::kError: return "error";
  }
  return "error";
}

spdlog::level::level_enum threshold(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return spdlog::level::debug;
    case LogLevel::kInfo: return spdlog::level::info;
    case LogLevel::kWarn: return spdlog::level::warn;
    case LogLevel::kError: return spdlog::level::err;
  }
  return spdlog::level::err;
}

// C1 controls, which a terminal may obey, and the line separators, which break a line for some
// readers; JSON leaves both as they are. Empty where `rest` begins with neither.
std::string_view wide_control(std::string_view rest) {
  const bool c1 =
      rest.size() > 1 && rest[0] == '\xC2' && static_cast<unsigned char>(rest[1]) < 0xA0;
  if (c1) return rest.substr(0, 2);
  const bool separator = rest.starts_with("\xE2\x80\xA8") || rest.starts_with("\xE2\x80\xA9");
  return separator ? rest.substr(0, 3) : std::string_view();
}

std::string escape_wide_controls(std::string_view json) {
  std::string out;
  while (!json.empty()) {
    const std::string_view control = wide_control(json);
    if (control.empty()) {
      out += json.front();
      json.remove_prefix(1);
      continue;
    }
    const auto last = static_cast<unsigned char>(control.back());
    // U+0080 to U+009F are C2 and the code itself; U+2028 and U+2029 are E2 80 A8 and E2 80 A9.
    out += control.size() == 2 ? "\\u00" : "\\u20";
    append_hex(out, static_cast<unsigned char>(control.size() == 2 ? last : last - 0x80));
    json.remove_prefix(control.size());
  }
  return out;
}

// A JSON string, fit for a terminal too. What is not UTF-8, or longer than any field of ours, is
// repaired and cut.
std::string quoted(std::string_view text) {
  if (text.size() > kMaxTextBytes || !is_utf8(text)) return quoted(clean_text(text));
  std::string json;
  JsonWriter(json).value(text);
  return escape_wide_controls(json);
}

bool is_bare(std::string_view value) {
  constexpr std::string_view kPunctuation = "._:/@+-,%~";
  return !value.empty() && value.size() <= kMaxTextBytes && std::ranges::all_of(value, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kPunctuation.contains(c);
  });
}

std::string text_line(LogLevel level, std::string_view message, Log::Fields fields) {
  std::string line(word(level));
  line.resize(6, ' ');
  const std::string safe = quoted(message);
  // Quotation marks and backslashes in a sentence of ours read better as they are.
  const bool plain = safe.size() == message.size() + 2;
  line += plain ? std::string(message) : safe;
  for (const LogField& field : fields) {
    line += ' ';
    line += field.name;
    line += '=';
    line += is_bare(field.value) ? field.value : quoted(field.value);
  }
  return line;
}

// Without the opening brace and the time, which the pattern puts before it.
std::string json_line(LogLevel level, std::string_view message, Log::Fields fields) {
  std::string line =
      "\"level\":\"" + std::string(word(level)) + "\",\"message\":" + quoted(message);
  for (const LogField& field : fields) {
    line += ',' + quoted(field.name) + ':' + quoted(field.value);
  }
  return line + '}';
}

constexpr const char* kTextPattern = "%Y-%m-%dT%H:%M:%S.%eZ %v";
constexpr const char* kJsonPattern = R"({"at":%E%e,%v)";

}  // namespace

class Log::Impl {
 public:
  Impl(std::ostream& out, LogLevel level, LogFormat format)
      : format_(format),
        logger_("control-center", std::make_shared<spdlog::sinks::ostream_sink_mt>(out, true)) {
    logger_.set_level(threshold(level));
    logger_.set_pattern(format == LogFormat::kText ? kTextPattern : kJsonPattern,
                        spdlog::pattern_time_type::utc);
  }

  void write(LogLevel level, std::string_view message, Fields fields) {
    if (!logger_.should_log(threshold(level))) return;
    const std::string line = format_ == LogFormat::kText ? text_line(level, message, fields)
                                                         : json_line(level, message, fields);
    logger_.log(threshold(level), spdlog::string_view_t(line.data(), line.size()));
  }

 private:
  const LogFormat format_;
  spdlog::logger logger_;
};

Log::Log(std::ostream& out, LogLevel level, LogFormat format)
    : impl_(std::make_unique<Impl>(out, level, format)) {}

Log::~Log() = default;

void Log::debug(std::string_view message, Fields fields) {
  write(LogLevel::kDebug, message, fields);
}
void Log::info(std::string_view message, Fields fields) {
  write(LogLevel::kInfo, message, fields);
}
void Log::warn(std::string_view message, Fields fields) {
  write(LogLevel::kWarn, message, fields);
}
void Log::error(std::string_view message, Fields fields) {
  write(LogLevel::kError, message, fields);
}

void Log::write(LogLevel level, std::string_view message, Fields fields) {
  impl_->write(level, message, fields);
}

}  // namespace cc::telemetry
