#pragma once
// Decides what to read again over a connection, and when. Requests are gathered, the same request
// counts once, and `sessions.list`, which costs a gateway most, is spaced out.

#include <array>
#include <cstdint>
#include <optional>
#include <random>

#include "base/clock.h"
#include "gateway/timing.h"

namespace cc::gateway {

/// One thing to be read now.
struct Refetch {
  /// In the order in which they are taken. A resync is all of them.
  enum class What { kResync, kAgents, kPresence, kCron, kSessions };
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
  void first_reading_starts() { due_.fill(std::nullopt); }
  void first_reading_done(SteadyTime now);

  [[nodiscard]] bool resync_wanted() const { return when_may(What::kResync).has_value(); }

 private:
  using Due = std::optional<SteadyTime>;
  using What = Refetch::What;
  static constexpr std::array kInTheirOrder{What::kResync, What::kAgents, What::kPresence,
                                            What::kCron, What::kSessions};

  [[nodiscard]] Due& due(What what) { return due_.at(static_cast<std::size_t>(what)); }
  [[nodiscard]] Due when_may(What what) const;
  void space_sessions(SteadyTime now);
  void restart_timers(SteadyTime now);

  const Timing timing_;
  const Timers timers_;
  std::mt19937_64 random_;
  std::array<Due, kInTheirOrder.size()> due_;
  Millis spacing_;
  SteadyTime sessions_free_at_{};
  SteadyTime sessions_calm_at_{};  // nothing wanted until then: the spacing shrinks again
};

}  // namespace cc::gateway
