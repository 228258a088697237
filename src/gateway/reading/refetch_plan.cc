#include "gateway/reading/refetch_plan.h"

#include <algorithm>
#include <utility>

#include "gateway/connection/backoff.h"

namespace cc::gateway {

namespace {

void earliest(std::optional<SteadyTime>& due, SteadyTime at) {
  due = due ? std::min(*due, at) : at;
}

}  // namespace

RefetchPlan::RefetchPlan(const Timing& timing, Timers timers, SteadyTime now, std::uint64_t seed)
    : timing_(timing), timers_(timers), random_(seed), spacing_(timing.sessions_spacing) {
  restart_timers(now);
}

void RefetchPlan::restart_timers(SteadyTime now) {
  if (timers_.agents) earliest(agents_, now + timing_.agents_poll);
  if (timers_.sessions) earliest(sessions_, now + timing_.slow_poll);
}

void RefetchPlan::request_resync(SteadyTime now) {
  earliest(resync_, now + timing_.sessions_debounce);
}
void RefetchPlan::want_agents(SteadyTime now) {
  earliest(agents_, now + timing_.agents_debounce);
}
void RefetchPlan::want_presence(SteadyTime now) {
  earliest(presence_, now + timing_.agents_debounce);
}
void RefetchPlan::want_cron(SteadyTime now) {
  earliest(cron_, now + timing_.agents_debounce);
}
void RefetchPlan::want_sessions(SteadyTime now) {
  earliest(sessions_, now + timing_.sessions_debounce);
}

SteadyTime RefetchPlan::when_sessions_may(SteadyTime due) const {
  return std::max(due, sessions_free_at_);
}

std::optional<SteadyTime> RefetchPlan::next_due() const {
  Due next;
  for (const Due& cheap : {agents_, presence_, cron_}) {
    if (cheap) earliest(next, *cheap);
  }
  for (const Due& costly : {resync_, sessions_}) {
    if (costly) earliest(next, when_sessions_may(*costly));
  }
  return next;
}

std::optional<Refetch> RefetchPlan::take(SteadyTime now) {
  const auto due = [&](const Due& at) { return at && *at <= now; };
  const auto costly_due = [&](const Due& at) { return at && when_sessions_may(*at) <= now; };
  if (costly_due(resync_)) return take_resync();
  if (due(agents_)) {
    agents_.reset();
    return Refetch{Refetch::What::kAgents};
  }
  if (due(presence_)) {
    presence_.reset();
    return Refetch{Refetch::What::kPresence};
  }
  if (due(cron_)) {
    cron_.reset();
    return Refetch{Refetch::What::kCron};
  }
  if (costly_due(sessions_)) {
    sessions_.reset();
    return Refetch{Refetch::What::kSessions};
  }
  return std::nullopt;
}

Refetch RefetchPlan::take_resync() {
  resync_.reset();
  agents_.reset();
  presence_.reset();
  cron_.reset();
  sessions_.reset();
  return {Refetch::What::kResync};
}

void RefetchPlan::finished(const Refetch& refetch, bool ok, SteadyTime now) {
  using What = Refetch::What;
  const SteadyTime again = now + timing_.refetch_retry;
  if (refetch.what == What::kResync || refetch.what == What::kSessions) space_sessions(now);
  if (!ok) {
    switch (refetch.what) {
      case What::kResync: earliest(resync_, again); break;
      case What::kAgents: earliest(agents_, again); break;
      case What::kPresence: earliest(presence_, again); break;
      case What::kSessions: earliest(sessions_, again); break;
      case What::kCron: earliest(cron_, again); break;
    }
  }
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
