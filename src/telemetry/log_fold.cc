#include "telemetry/log_fold.h"

namespace cc::telemetry {

bool LogFold::passes(std::string_view message, std::string_view whose, SteadyTime now) {
  if (counted_.empty()) began_ = now;
  const auto known = counted_.find(Key(message, whose));
  if (known != counted_.end()) {
    ++known->second;
    return false;
  }
  if (counted_.size() < kMaxApart) {
    counted_.emplace(Key(message, whose), 0);
    return true;
  }
  ++counted_[Key(message, "")];
  return false;
}

std::vector<LogFold::Counted> LogFold::take_due(SteadyTime now) {
  if (counted_.empty() || now - began_ < kWindow) return {};
  return take_all();
}

std::vector<LogFold::Counted> LogFold::take_all() {
  std::vector<Counted> due;
  for (const auto& [key, times] : std::exchange(counted_, {})) {
    if (times > 0) due.push_back({key.first, key.second, times});
  }
  return due;
}

}  // namespace cc::telemetry
