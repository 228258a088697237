#pragma once
// How fast tokens may be guessed at the sign-in. Slows down, but never locks out: waits are short,
// and an address that has not failed never waits.

#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"

namespace cc::auth {

/// Not thread-safe. Memory is bounded: the address that failed longest ago is forgotten first.
class GuessLimits {
 public:
  static constexpr int kFreeFailures = 3;        // without a wait: people mistype
  static constexpr Millis kFirstWait{1'000};     // doubled by each further failure …
  static constexpr Millis kLongestWait{60'000};  // … up to this
  static constexpr Millis kForgottenAfter = std::chrono::hours(1);
  static constexpr std::size_t kMaxAddresses = 4096;
  /// Failures in all that are let pass in one go, and one more per second after that. While they
  /// are used up, an address that has failed waits this long.
  static constexpr int kFailuresInAll = 100;
  static constexpr Millis kWaitInAll{30'000};

  /// How long until `address` may try again; nullopt: now.
  [[nodiscard]] std::optional<Millis> wait(std::string_view address, SteadyTime now) const;
  void failed(std::string_view address, SteadyTime now);
  void succeeded(std::string_view address);

  [[nodiscard]] std::size_t addresses() const { return entries_.size(); }

 private:
  struct Entry {
    std::string address;
    int failures = 0;
    SteadyTime last;
  };
  using Entries = std::list<Entry>;

  [[nodiscard]] static Millis wait_after(int failures);
  [[nodiscard]] int failures_left(SteadyTime now) const;
  Entry& entry_for(std::string address);

  Entries entries_;  // the latest to fail first
  std::unordered_map<std::string, Entries::iterator> by_address_;
  int spent_ = 0;  // of kFailuresInAll, at `spent_at_`
  SteadyTime spent_at_{};
};

/// The group that an address belongs to, for people: an IPv6 /64 network is one household, and
/// IPv4-mapped IPv6 is IPv4.
[[nodiscard]] std::string household(std::string_view address);

}  // namespace cc::auth
