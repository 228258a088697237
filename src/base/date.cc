#include "base/date.h"

#include <array>
#include <ctime>

namespace cc {
namespace {

std::tm utc(TimeMs at) {
  const auto seconds = static_cast<std::time_t>(at / 1000);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  return parts;
}

template <std::size_t N>
std::string written(const std::tm& parts, const char (&pattern)[N]) {
  std::array<char, 64> text{};
  return {text.data(), std::strftime(text.data(), text.size(), pattern, &parts)};
}

std::string two_units(std::int64_t large, const char* unit, std::int64_t small,
                      const char* small_unit) {
  auto text = std::to_string(large) + unit;
  return small == 0 ? text : text + " " + std::to_string(small) + small_unit;
}

}  // namespace

std::string duration_text(Millis duration) {
  const auto seconds = duration.count() / 1000;
  if (seconds < 0) return "-" + duration_text(-duration);
  if (seconds >= 86'400) return two_units(seconds / 86'400, " d", seconds % 86'400 / 3'600, " h");
  if (seconds >= 3'600) return two_units(seconds / 3'600, " h", seconds % 3'600 / 60, " min");
  if (seconds >= 60) return two_units(seconds / 60, " min", seconds % 60, " s");
  return std::to_string(seconds) + " s";
}

std::string utc_day(TimeMs at) {
  return written(utc(at), "%Y-%m-%d");
}

std::string utc_minute(TimeMs at) {
  return written(utc(at), "%Y-%m-%dT%H:%MZ");
}

std::string http_date(TimeMs at) {
  return written(utc(at), "%a, %d %b %Y %H:%M:%S GMT");
}

}  // namespace cc
