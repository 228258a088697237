// How a world begins: agents, their sessions with a past, devices, and what runs at the moment.
#include <algorithm>
#include <array>

#include "gateway_sim/world/names.h"
#include "gateway_sim/world/world.h"

namespace cc::sim {
namespace {

constexpr TimeMs kMinute = 60'000;
constexpr TimeMs kHour = 60 * kMinute;

std::size_t running_share(Scenario scenario) {
  switch (scenario) {
    case Scenario::kCalm: return 20;
    case Scenario::kBusy: return 60;
    case Scenario::kIncident: return 30;
    case Scenario::kStorm: return 90;
    case Scenario::kChanges: return 20;
  }
  return 20;
}

struct Device {
  const char* host;
  const char* mode;
  const char* client;
  const char* platform;
  const char* family;
};

constexpr std::array kDevices{
    Device{"Kitchen Mac mini", "node", "node-host", "macos", "Mac"},
    Device{"Pocket phone", "node", "openclaw-ios", "ios", "iPhone"},
    Device{"Wall board", "ui", "openclaw-tui", "linux", ""},
};

RunStatus past_status(std::size_t dice) {
  if (dice < 90) return RunStatus::kDone;
  if (dice < 94) return RunStatus::kFailed;
  return dice < 98 ? RunStatus::kKilled : RunStatus::kTimeout;
}

}  // namespace

World::World(const WorldSpec& spec, TimeMs now) : hostile_(spec.hostile_titles), rng_(spec.seed) {
  seed_agents(spec, now);
  seed_sessions(spec, now);
  seed_devices(now);
  if (spec.scenario == Scenario::kIncident) seed_incident(now);
  seed_runs(spec, now);
}

void World::seed_agents(const WorldSpec& spec, TimeMs now) {
  const std::size_t count = std::max<std::size_t>(1, spec.agents);
  for (std::size_t i = 0; i < count; ++i) {
    const AgentName name = agent_name(i);
    const ModelName& model = model_name(rng_);
    Agent agent;
    agent.id = name.id;
    agent.name = spec.hostile_titles && i % 2 == 1 ? hostile_title(rng_) : name.name;
    agent.emoji = name.emoji;
    agent.provider = model.provider;
    agent.model = model.model;
    agent.workspace = "/home/user/.openclaw/workspace-" + name.id;
    agent.is_default = i == 0;
    agent.failing = spec.scenario == Scenario::kIncident && i % 4 == 1;
    agent.created_at = now - 40 * 24 * kHour;
    agents_.add(std::move(agent));
  }
}

void World::seed_sessions(const WorldSpec& spec, TimeMs now) {
  const std::size_t count = std::max(spec.sessions, agents_.size());
  for (std::size_t i = 0; i < count; ++i) {
    const std::string agent_id = agents_.at(i % agents_.size()).id;
    const bool is_main = i < agents_.size();
    const std::string key = is_main ? "agent:" + agent_id + ":main" : std::string();
    Session& session = create_session(agent_id, key, {}, now);
    if (is_main) session.label.clear();
    seed_history(session, now);
  }
}

void World::seed_history(Session& session, TimeMs now) {
  const auto age = static_cast<TimeMs>(rng_.below(static_cast<std::size_t>(48 * kHour)));
  session.updated_at = session.last_interaction_at = now - age - kMinute;
  session.created_at = session.updated_at - static_cast<TimeMs>(rng_.below(9 * 24)) * kHour;
  const bool never_ran = rng_.chance(12);
  if (!never_ran) seed_last_run(session);
}

void World::seed_last_run(Session& session) {
  session.status = past_status(rng_.below(100));
  session.last_run = "k-" + rng_.hex(8);
  session.ended_at = session.updated_at - 80;
  session.started_at = session.ended_at - static_cast<TimeMs>(1500 + rng_.below(90'000));
  session.aborted = session.status == RunStatus::kKilled;
  session.usage = spend(session);
  session.last_message =
      "I looked at the latest entries first, then at what changed since yesterday.";
  if (session.status == RunStatus::kFailed) session.last_error = error_text(rng_);
}

void World::seed_devices(TimeMs now) {
  for (const Device& device : kDevices) {
    PresenceEntry entry;
    entry.id = entry.device_id = rng_.hex(64);
    entry.host = device.host;
    entry.mode = device.mode;
    entry.client_id = device.client;
    entry.platform = device.platform;
    entry.device_family = device.family;
    entry.version = "2026.9.6";
    entry.reason = "connect";
    entry.instance_id = rng_.uuid();
    entry.roles = {entry.mode == "node" ? "node" : "operator"};
    if (entry.roles.front() == "operator") entry.scopes = {"operator.read"};
    entry.since = entry.at = now - 3 * kHour;
    devices_.add(std::move(entry));
  }
}

void World::seed_runs(const WorldSpec& spec, TimeMs now) {
  const std::size_t wanted = agents_.size() * running_share(spec.scenario) / 100;
  for (std::size_t i = 0; i < wanted; ++i) {
    Session& session = sessions_.at(rng_.below(sessions_.size()));
    if (!session.active_run.empty()) continue;
    Run& run = start_run(session, {}, now - static_cast<TimeMs>(rng_.below(20'000)));
    advance_run(run, now);
  }
}

/// Some agents whose last run failed, one run that will never say anything again, one that waits
/// for a person.
void World::seed_incident(TimeMs now) {
  for (const auto& agent : agents_) {
    Session* main = sessions_.find("agent:" + agent->id + ":main");
    if (!agent->failing || main == nullptr) continue;
    Run& run = start_run(*main, {}, now - 4 * kMinute);
    finish_run(run, Outcome::kFailed, now - 2 * kMinute);
  }
  Session& stuck = sessions_.at(agents_.size() > 2 ? 2 : 0);
  start_run(stuck, {}, now - 25 * kMinute).by_hand = true;
  Session& asking = sessions_.at(agents_.size() > 3 ? 3 : 0);
  if (!asking.active_run.empty()) return;
  Run& run = start_run(asking, {}, now - 3 * kMinute);
  run.by_hand = true;
  ask_approval(run, now - 2 * kMinute);
}

}  // namespace cc::sim
