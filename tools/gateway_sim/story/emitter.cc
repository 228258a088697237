#include "gateway_sim/story/emitter.h"

#include <algorithm>

#include "gateway_sim/story/overview.h"
#include "gateway_sim/world/names.h"

namespace cc::sim {
namespace {

constexpr int kMostPieces = 14;

struct Mix {
  unsigned busy_percent;    // of the agents, with a run
  unsigned session_change;  // percent of steps; the rest moves runs on
  unsigned churn;           // sessions that come and go
  unsigned presence;
  unsigned agents_per_mille;
  unsigned approvals_per_mille;
};

Mix mix_of(Scenario scenario) {
  switch (scenario) {
    case Scenario::kCalm: return {25, 6, 2, 2, 2, 4};
    case Scenario::kBusy: return {70, 5, 3, 1, 1, 3};
    case Scenario::kIncident: return {35, 5, 2, 2, 1, 25};
    case Scenario::kStorm: return {120, 12, 14, 2, 3, 3};
    case Scenario::kChanges: return {25, 97, 2, 1, 0, 0};
  }
  return {25, 6, 2, 2, 2, 4};
}

}  // namespace

Emitter::Emitter(World& world, Director& director, std::uint64_t seed, Scenario scenario)
    : world_(world),
      director_(director),
      rng_(seed ^ 0xA5A5'1234'5678'9ABCU),
      scenario_(scenario),
      home_sessions_(world.sessions().size()) {}

Story Emitter::step(TimeMs now) {
  const Mix mix = mix_of(scenario_);
  if (rng_.below(1000) < mix.agents_per_mille) return change_an_agent(now);
  if (rng_.below(1000) < mix.approvals_per_mille) return ask_or_answer(now);
  const auto dice = static_cast<unsigned>(rng_.below(100));
  if (dice < mix.session_change) return change_a_session(now);
  if (dice < mix.session_change + mix.churn) return add_or_remove_a_session(now);
  if (dice < mix.session_change + mix.churn + mix.presence) return change_presence(now);
  const std::size_t wanted =
      std::max<std::size_t>(1, world_.agents().size() * mix.busy_percent / 100);
  if (world_.runs().size() < wanted && rng_.chance(35)) return start_somewhere(now);
  return move_a_run(now);
}

Story Emitter::start_somewhere(TimeMs now) {
  for (int tries = 0; tries < 8; ++tries) {
    Session& session = world_.sessions().at(rng_.below(world_.sessions().size()));
    if (!session.active_run.empty()) continue;
    return director_.start_run(session, {}, world_.title(), false, now);
  }
  return move_a_run(now);
}

Run* Emitter::pick_run() {
  const std::size_t count = world_.runs().size();
  if (count == 0) return nullptr;
  const std::size_t first = rng_.below(count);
  for (std::size_t i = 0; i < std::min<std::size_t>(count, 8); ++i) {
    Run& run = world_.runs().at((first + i) % count);
    if (!run.by_hand && run.approval_id.empty()) return &run;
  }
  return nullptr;
}

Story Emitter::move_a_run(TimeMs now) {
  Run* run = pick_run();
  if (run == nullptr) return change_somewhere(now);
  if (run->pieces >= kMostPieces || (run->pieces > 4 && rng_.chance(12))) return finish(*run, now);
  return director_.advance_run(*run, now);
}

/// Where all that runs is stuck or somebody else's.
Story Emitter::change_somewhere(TimeMs now) {
  Session& session = world_.sessions().at(rng_.below(world_.sessions().size()));
  if (!session.active_run.empty()) return change_a_session(now);
  return director_.start_run(session, {}, world_.title(), false, now);
}

/// One question at a time; whatever a tester asked for is left to the tester.
Story Emitter::ask_or_answer(TimeMs now) {
  if (world_.approvals().find(asked_) != nullptr) {
    return director_.resolve_approval(std::string(asked_), "allow-once", "operator", now);
  }
  Run* run = pick_run();
  if (run == nullptr) return move_a_run(now);
  Story story = director_.ask_approval(*run, now);
  if (!world_.approvals().empty()) asked_ = world_.approvals().at(world_.approvals().size() - 1).id;
  return story;
}

Outcome Emitter::outcome_for(const Run& run) {
  const Agent* agent = world_.agents().find(run.agent_id);
  const bool failing = agent != nullptr && agent->failing;
  const std::size_t dice = rng_.below(100);
  if (failing) return dice < 85 ? Outcome::kFailed : Outcome::kTimeout;
  if (dice < 92) return Outcome::kDone;
  if (dice < 95) return Outcome::kFailed;
  return dice < 98 ? Outcome::kKilled : Outcome::kTimeout;
}

Story Emitter::finish(Run& run, TimeMs now) {
  return director_.finish_run(run, outcome_for(run), now);
}

Story Emitter::change_a_session(TimeMs now) {
  Session& session = world_.sessions().at(rng_.below(world_.sessions().size()));
  if (rng_.chance(6) && session.active_run.empty()) return director_.reset_session(session, now);
  SessionPatch patch;
  if (rng_.chance(25)) {
    const ModelName& model = model_name(rng_);
    patch.model = std::string(model.provider) + '/' + model.model;
  } else {
    patch.label = world_.title();
  }
  return director_.patch_session(session, patch, now);
}

Story Emitter::add_or_remove_a_session(TimeMs now) {
  const std::size_t count = world_.sessions().size();
  const bool grow =
      count < home_sessions_ * 9 / 10 || (count < home_sessions_ * 11 / 10 + 2 && rng_.chance(50));
  const Session* superfluous = grow ? nullptr : pick_superfluous();
  if (superfluous != nullptr) return director_.remove_session(std::string(superfluous->key), now);
  const Agent& agent = world_.agents().at(rng_.below(world_.agents().size()));
  return director_.create_session(std::string(agent.id), {}, {}, now);
}

const Session* Emitter::pick_superfluous() {
  for (int tries = 0; tries < 8; ++tries) {
    const Session& session = world_.sessions().at(rng_.below(world_.sessions().size()));
    if (!session.is_main() && session.active_run.empty()) return &session;
  }
  return nullptr;
}

Story Emitter::change_presence(TimeMs now) {
  Story story;
  PresenceEntry& entry = world_.devices().at(rng_.below(world_.devices().size()));
  entry.reason = entry.reason == "disconnect" ? "connect" : "disconnect";
  entry.at = now;
  if (entry.reason == "connect") entry.since = now;
  story.push_back(presence_event(world_, director_.protocol()));
  return story;
}

Story Emitter::change_an_agent(TimeMs now) {
  Agent& agent = world_.agents().at(rng_.below(world_.agents().size()));
  const ModelName& model = model_name(rng_);
  AgentPatch patch;
  patch.model = std::string(model.provider) + '/' + model.model;
  return director_.update_agent(agent, patch, now);
}

double default_rate(Scenario scenario) {
  switch (scenario) {
    case Scenario::kCalm: return 6;
    case Scenario::kBusy: return 80;
    case Scenario::kIncident: return 10;
    case Scenario::kStorm:
    case Scenario::kChanges: return 2000;
  }
  return 6;
}

}  // namespace cc::sim
