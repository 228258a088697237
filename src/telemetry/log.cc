#include "telemetry/log.h"

#include <algorithm>
#include <mutex>
#include <optional>

#include <spdlog/pattern_formatter.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/fold.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "telemetry/line_queue.h"

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
  Impl(std::ostream& out, LogLevel level, LogFormat format) : Impl(level, format) { out_ = &out; }
  Impl(int descriptor, LogLevel level, LogFormat format) : Impl(level, format) {
    queue_.emplace(descriptor, [this](std::uint64_t lines) {
      return stamped(LogLevel::kWarn, "log lines were left out, since nobody took them",
                     {{"lines", std::to_string(lines)}});
    });
  }
  ~Impl() { tell(folded_.take_all()); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void write(LogLevel level, std::string_view message, Fields fields) {
    if (level < level_) return;
    const std::scoped_lock lock(writing_);  // so that lines stand in the order of their times
    std::string line = stamped(level, message, fields);
    if (queue_) return queue_->push(std::move(line));
    *out_ << line << std::flush;
  }

  void warn_folded(std::string_view message, std::string_view whose, Fields fields) {
    const auto now = std::chrono::duration_cast<Millis>(clock_.steady().time_since_epoch());
    std::vector<Repeated::Counted> due;
    bool passes = false;
    {
      const std::scoped_lock lock(folding_);
      due = folded_.take_due(now);
      passes = folded_.passes({std::string(message), std::string(whose)},
                              {std::string(message), ""}, now);
    }
    tell(due);
    if (passes) write(LogLevel::kWarn, message, fields);
  }

  [[nodiscard]] std::uint64_t dropped() const { return queue_ ? queue_->dropped() : 0; }

 private:
  using Repeated = Fold<std::pair<std::string, std::string>>;  // a message, and whose it is

  Impl(LogLevel level, LogFormat format)
      : level_(level),
        format_(format),
        stamp_(format == LogFormat::kText ? kTextPattern : kJsonPattern,
               spdlog::pattern_time_type::utc) {}

  void tell(const std::vector<Repeated::Counted>& due) {
    for (const auto& [what, times, last] : due) {
      const auto& [message, whose] = what;
      write(LogLevel::kWarn, message,
            {{"whose", whose.empty() ? "several" : whose}, {"more_times", std::to_string(times)}});
    }
  }

  std::string stamped(LogLevel level, std::string_view message, Fields fields) {
    const std::string line = format_ == LogFormat::kText ? text_line(level, message, fields)
                                                         : json_line(level, message, fields);
    const spdlog::details::log_msg stamped_now("", threshold(level),
                                               spdlog::string_view_t(line.data(), line.size()));
    spdlog::memory_buf_t out;
    const std::scoped_lock lock(stamping_);
    stamp_.format(stamped_now, out);
    return {out.data(), out.size()};
  }

  const LogLevel level_;
  const LogFormat format_;
  const SystemClock clock_;
  std::mutex writing_;
  std::mutex stamping_;  // taken last
  spdlog::pattern_formatter stamp_;
  std::mutex folding_;
  Repeated folded_;
  std::ostream* out_ = nullptr;  // where there is no queue
  std::optional<LineQueue> queue_;
};

Log::Log(std::ostream& out, LogLevel level, LogFormat format)
    : impl_(std::make_unique<Impl>(out, level, format)) {}
Log::Log(int descriptor, LogLevel level, LogFormat format)
    : impl_(std::make_unique<Impl>(descriptor, level, format)) {}

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

void Log::warn_folded(std::string_view message, std::string_view whose, Fields fields) {
  impl_->warn_folded(message, whose, fields);
}
std::uint64_t Log::dropped() const {
  return impl_->dropped();
}

void Log::write(LogLevel level, std::string_view message, Fields fields) {
  impl_->write(level, message, fields);
}

}  // namespace cc::telemetry
