#pragma once
// Decides what to read again over a connection, and when. Requests are gathered, the same request
// counts once, and `sessions.list`, which costs a gateway most, is spaced out.

#include <cstdint>
#include <optional>
#include <random>

#include "base/clock.h"
#include "gateway/timing.h"

namespace cc::gateway {

/// One thing to be read now.
struct Refetch {
  enum class What { kResync, kAgents, kPresence, kSessions, kCron };
  What what{};
};

/// Pure: time is handed in. The caller does one refetch at a time: `take`, then `finished`.
class RefetchPlan {
 public:
  /// What is read on a timer, because this gateway sends no event for it.
  struct Timers {
    bool agents = false;
    bool sessions = false;
  };
  RefetchPlan(const Timing& timing, Timers timers, SteadyTime now, std::uint64_t seed);

  void request_resync(SteadyTime now);
  void want_agents(SteadyTime now);
  void want_presence(SteadyTime now);
  void want_cron(SteadyTime now);
  void want_sessions(SteadyTime now);
  /// Some sessions are about to be listed: false if that has to wait.
  [[nodiscard]] bool may_list(SteadyTime now) const { return now >= sessions_free_at_; }
  [[nodiscard]] SteadyTime may_list_at() const { return sessions_free_at_; }
  void listed(SteadyTime now) { space_sessions(now); }

  /// When `take` will return something. Empty: only after something is wanted.
  [[nodiscard]] std::optional<SteadyTime> next_due() const;
  [[nodiscard]] std::optional<Refetch> take(SteadyTime now);
  /// The taken refetch is done. If it failed, it is wanted again later.
  void finished(const Refetch& refetch, bool ok, SteadyTime now);
  /// The initial sync reads everything, so it covers all that was wanted before.
  void first_reading_starts() { (void)take_resync(); }
  void first_reading_done(SteadyTime now);

  [[nodiscard]] bool resync_wanted() const { return resync_.has_value(); }

 private:
  using Due = std::optional<SteadyTime>;

  [[nodiscard]] SteadyTime when_sessions_may(SteadyTime due) const;
  Refetch take_resync();
  void space_sessions(SteadyTime now);
  void restart_timers(SteadyTime now);

  const Timing timing_;
  const Timers timers_;
  std::mt19937_64 random_;
  Due resync_;
  Due agents_;
  Due presence_;
  Due cron_;
  Due sessions_;
  Millis spacing_;
  SteadyTime sessions_free_at_{};
  SteadyTime sessions_calm_at_{};  // nothing wanted until then: the spacing shrinks again
};

}  // namespace cc::gateway
