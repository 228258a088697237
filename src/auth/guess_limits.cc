#include "auth/guess_limits.h"

#include <algorithm>
#include <array>
#include <chrono>

#include <arpa/inet.h>

namespace cc::auth {
namespace {

constexpr std::size_t kMaxAddressBytes = 64;
constexpr std::string_view kMappedIpv4("\0\0\0\0\0\0\0\0\0\0\xFF\xFF", 12);

int seconds_between(SteadyTime from, SteadyTime to) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(to - from).count();
  return static_cast<int>(std::clamp<std::int64_t>(seconds, 0, GuessLimits::kFailuresInAll));
}

}  // namespace

std::string household(std::string_view address) {
  std::array<char, 16> bytes{};
  std::string text(address.substr(0, kMaxAddressBytes));
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return text;
  std::array<char, INET6_ADDRSTRLEN> shown{};
  if (std::string_view(bytes.data(), bytes.size()).starts_with(kMappedIpv4)) {
    return inet_ntop(AF_INET, bytes.data() + kMappedIpv4.size(), shown.data(), shown.size());
  }
  std::fill(bytes.begin() + 8, bytes.end(), '\0');
  return std::string(inet_ntop(AF_INET6, bytes.data(), shown.data(), shown.size())) + "/64";
}

std::optional<Millis> GuessLimits::wait(std::string_view address, SteadyTime now) const {
  const auto found = by_address_.find(household(address));
  if (found == by_address_.end()) return std::nullopt;
  const auto& entry = *found->second;
  if (now - entry.last >= kForgottenAfter) return std::nullopt;
  auto pause = wait_after(entry.failures);
  if (failures_left(now) == 0) pause = std::max(pause, kWaitInAll);
  const auto until = entry.last + pause;
  if (until <= now) return std::nullopt;
  return std::chrono::ceil<Millis>(until - now);
}

void GuessLimits::failed(std::string_view address, SteadyTime now) {
  spent_ = std::min(kFailuresInAll - failures_left(now) + 1, kFailuresInAll);
  spent_at_ = now;
  auto& entry = entry_for(household(address));
  if (now - entry.last >= kForgottenAfter) entry.failures = 0;
  entry.last = now;
  ++entry.failures;
}

void GuessLimits::succeeded(std::string_view address) {
  const auto found = by_address_.find(household(address));
  if (found == by_address_.end()) return;
  entries_.erase(found->second);
  by_address_.erase(found);
}

Millis GuessLimits::wait_after(int failures) {
  if (failures <= kFreeFailures) return Millis(0);
  const auto doublings = std::min(failures - kFreeFailures - 1, 16);
  return std::min(kFirstWait * (1 << doublings), kLongestWait);
}

int GuessLimits::failures_left(SteadyTime now) const {
  return kFailuresInAll - std::max(0, spent_ - seconds_between(spent_at_, now));
}

GuessLimits::Entry& GuessLimits::entry_for(std::string address) {
  const auto found = by_address_.find(address);
  if (found != by_address_.end()) {
    entries_.splice(entries_.begin(), entries_, found->second);
    return entries_.front();
  }
  if (entries_.size() == kMaxAddresses) {
    by_address_.erase(entries_.back().address);
    entries_.pop_back();
  }
  entries_.push_front({.address = address, .failures = 0, .last = {}});
  by_address_.emplace(std::move(address), entries_.begin());
  return entries_.front();
}

}  // namespace cc::auth
