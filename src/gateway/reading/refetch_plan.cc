#include "gateway/reading/refetch_plan.h"

#include <algorithm>
#include <utility>

#include "gateway/connection/backoff.h"

namespace cc::gateway {

namespace {

using What = Refetch::What;

void earliest(std::optional<SteadyTime>& due, SteadyTime at) {
  due = due ? std::min(*due, at) : at;
}

constexpr bool lists_sessions(What what) {
  return what == What::kResync || what == What::kSessions;
}

}  // namespace

RefetchPlan::RefetchPlan(const Timing& timing, Timers timers, SteadyTime now, std::uint64_t seed)
    : timing_(timing), timers_(timers), random_(seed), spacing_(timing.sessions_spacing) {
  restart_timers(now);
}

void RefetchPlan::restart_timers(SteadyTime now) {
  if (timers_.agents) earliest(due(What::kAgents), now + timing_.agents_poll);
  if (timers_.sessions) earliest(due(What::kSessions), now + timing_.slow_poll);
}

void RefetchPlan::request_resync(SteadyTime now) {
  earliest(due(What::kResync), now + timing_.sessions_debounce);
}
void RefetchPlan::want_agents(SteadyTime now) {
  earliest(due(What::kAgents), now + timing_.agents_debounce);
}
void RefetchPlan::want_presence(SteadyTime now) {
  earliest(due(What::kPresence), now + timing_.agents_debounce);
}
void RefetchPlan::want_cron(SteadyTime now) {
  earliest(due(What::kCron), now + timing_.agents_debounce);
}
void RefetchPlan::want_sessions(SteadyTime now) {
  earliest(due(What::kSessions), now + timing_.sessions_debounce);
}

RefetchPlan::Due RefetchPlan::when_may(What what) const {
  const Due wanted = due_.at(static_cast<std::size_t>(what));
  return wanted && lists_sessions(what) ? std::max(*wanted, sessions_free_at_) : wanted;
}

std::optional<SteadyTime> RefetchPlan::next_due() const {
  Due next;
  for (const What what : kInTheirOrder) {
    if (const Due at = when_may(what)) earliest(next, *at);
  }
  return next;
}

std::optional<Refetch> RefetchPlan::take(SteadyTime now) {
  for (const What what : kInTheirOrder) {
    const Due at = when_may(what);
    if (!at || *at > now) continue;
    what == What::kResync ? due_.fill(std::nullopt) : due(what).reset();
    return Refetch{what};
  }
  return std::nullopt;
}

void RefetchPlan::finished(const Refetch& refetch, bool ok, SteadyTime now) {
  if (lists_sessions(refetch.what)) space_sessions(now);
  if (!ok) earliest(due(refetch.what), now + timing_.refetch_retry);
  restart_timers(now);
}

void RefetchPlan::first_reading_done(SteadyTime now) {
  space_sessions(now);
  restart_timers(now);
}

// If requests keep coming, each waits longer than the one before.
void RefetchPlan::space_sessions(SteadyTime now) {
  const bool calm = now >= sessions_calm_at_;
  spacing_ =
      calm ? timing_.sessions_spacing : std::min(spacing_ * 2, timing_.sessions_spacing_most);
  sessions_free_at_ = now + jittered(spacing_, 0.2, random_);
  sessions_calm_at_ = now + spacing_ * 2;
}

}  // namespace cc::gateway
