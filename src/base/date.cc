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

}  // namespace

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
