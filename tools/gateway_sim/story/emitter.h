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
  Story change_somewhere(TimeMs now);
  Story change_a_session(TimeMs now);
  Story add_or_remove_a_session(TimeMs now);
  Story ask_or_answer(TimeMs now);
  Story change_presence(TimeMs now);
  Story change_an_agent(TimeMs now);
  Story finish(Run& run, TimeMs now);
  [[nodiscard]] Outcome outcome_for(const Run& run);
  [[nodiscard]] Run* pick_run();
  /// Null if none was found in a few tries.
  [[nodiscard]] const Session* pick_superfluous();

  World& world_;
  Director& director_;
  Rng rng_;
  const Scenario scenario_;
  std::string asked_;                // the approval that it asked for last
  const std::size_t home_sessions_;  // the population it keeps near
};

/// How many events a second a scenario makes where nobody says.
[[nodiscard]] double default_rate(Scenario scenario);

}  // namespace cc::sim
