#pragma once
// What happens by itself: picks the next thing to happen, from a seed. The order of things does not
// depend on the time, so that one seed tells one story at any rate.

#include <cstdint>

#include "gateway_sim/story/director.h"

namespace cc::sim {

class Emitter {
 public:
  Emitter(World& world, Director& director, std::uint64_t seed, Scenario scenario);

  /// One thing happens. Never empty in a world with sessions, but for protocol 3's silent changes.
  Story step(TimeMs now);

 private:
  Story start_somewhere(TimeMs now);
  Story move_a_run(TimeMs now);
  Story change_a_session(TimeMs now);
  Story add_or_remove_a_session(TimeMs now);
  Story ask_or_answer(TimeMs now);
  Story change_presence(TimeMs now);
  Story change_an_agent(TimeMs now);
  Story finish(Run& run, TimeMs now);
  [[nodiscard]] Outcome outcome_for(const Run& run);
  [[nodiscard]] Run* pick_run();

  World& world_;
  Director& director_;
  Rng rng_;
  const Scenario scenario_;
  std::string asked_;                // the approval that it asked for last
  const std::size_t home_sessions_;  // the population it keeps near
};

/// How many events a second a scenario makes where nobody says.
[[nodiscard]] double default_rate(Scenario scenario);

/// Keeps a rate, and says how far it is behind. Pure arithmetic on times that it is given.
class Pace {
 public:
  void set_rate(double events_per_second, SteadyTime now);
  [[nodiscard]] double rate() const { return rate_; }
  /// How many events should have been made by now, and were not.
  [[nodiscard]] std::uint64_t due(SteadyTime now) const;
  void made(std::uint64_t events) { made_ += events; }

 private:
  double rate_ = 0;
  SteadyTime since_{};
  std::uint64_t made_ = 0;
};

}  // namespace cc::sim
