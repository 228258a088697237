#pragma once
// The fleet behind the simulated gateway: seeded, then changed one step at a time. It knows nothing
// of frames, versions or connections. Not thread-safe; the simulator has one thread.

#include <optional>
#include <string>
#include <vector>

#include "gateway_sim/world/model.h"
#include "gateway_sim/world/rng.h"
#include "gateway_sim/world/roster.h"

namespace cc::sim {

enum class Scenario { kCalm, kBusy, kIncident, kStorm, kChanges };

struct WorldSpec {
  std::size_t agents = 12;
  std::size_t sessions = 60;
  std::uint64_t seed = 1;
  bool hostile_titles = false;
  Scenario scenario = Scenario::kCalm;
};

enum class Outcome { kDone, kFailed, kKilled, kTimeout };

class World {
 public:
  /// The same spec and the same `now` give the same fleet. Each agent has a main session, so there
  /// are at least as many sessions as agents.
  World(const WorldSpec& spec, TimeMs now);

  [[nodiscard]] Roster<Agent>& agents() { return agents_; }
  [[nodiscard]] const Roster<Agent>& agents() const { return agents_; }
  [[nodiscard]] Roster<Session>& sessions() { return sessions_; }
  [[nodiscard]] const Roster<Session>& sessions() const { return sessions_; }
  [[nodiscard]] Roster<Run>& runs() { return runs_; }
  [[nodiscard]] const Roster<Run>& runs() const { return runs_; }
  [[nodiscard]] Roster<Approval>& approvals() { return approvals_; }
  [[nodiscard]] const Roster<Approval>& approvals() const { return approvals_; }
  /// Phones, nodes and boards that come and go by themselves.
  [[nodiscard]] Roster<PresenceEntry>& devices() { return devices_; }
  [[nodiscard]] const Roster<PresenceEntry>& devices() const { return devices_; }
  /// The gateway itself, and who is connected in truth.
  [[nodiscard]] Roster<PresenceEntry>& clients() { return clients_; }
  [[nodiscard]] const Roster<PresenceEntry>& clients() const { return clients_; }
  [[nodiscard]] const Agent& default_agent() const;
  /// "agent:ID:REST" → ID; the default agent where the key is not one.
  [[nodiscard]] std::string agent_in(const std::string& key) const;
  /// For ids and titles.
  [[nodiscard]] Rng& rng() { return rng_; }

  /// How many sessions each agent has, in the agents' order.
  [[nodiscard]] std::vector<std::size_t> session_counts() const;

  /// An agent's id is its name in lower case, with '-' for what is not a letter or digit.
  Agent& create_agent(const std::string& name, TimeMs now);
  /// Its sessions stay, as they do at the real gateway.
  bool remove_agent(const std::string& id) { return agents_.remove(id); }

  /// An empty key or title is invented. A session that is there is returned as it is.
  Session& create_session(const std::string& agent_id, std::string key, std::string title,
                          TimeMs now);
  /// Ends nothing: a run in it is dropped without a word.
  bool remove_session(const std::string& key);
  void reset_session(Session& session, Protocol protocol, TimeMs now);
  [[nodiscard]] std::string title();

  /// The session is marked as running; it must be idle. An empty id is invented.
  Run& start_run(Session& session, std::string run_id, TimeMs now);
  /// Adds a part to the answer and returns it.
  std::string_view advance_run(Run& run, TimeMs now);
  /// Ends the run and writes its result into the session. `run` is gone afterwards.
  void finish_run(Run& run, Outcome outcome, TimeMs now);
  /// The run waits from now on.
  Approval& ask_approval(Run& run, TimeMs now);

 private:
  void seed_agents(const WorldSpec& spec, TimeMs now);
  void seed_sessions(const WorldSpec& spec, TimeMs now);
  void seed_history(Session& session, TimeMs now);
  void seed_last_run(Session& session);
  void seed_devices(TimeMs now);
  void seed_runs(const WorldSpec& spec, TimeMs now);
  void seed_incident(TimeMs now);
  [[nodiscard]] std::string invent_key(const std::string& agent_id);
  [[nodiscard]] Session new_session(const std::string& agent_id, std::string title_text,
                                    TimeMs now);
  [[nodiscard]] std::string error_after(Outcome outcome);
  [[nodiscard]] Usage spend(const Session& session);

  const bool hostile_;
  Rng rng_;
  Roster<Agent> agents_;
  Roster<Session> sessions_;
  Roster<Run> runs_;
  Roster<Approval> approvals_;
  Roster<PresenceEntry> devices_;
  Roster<PresenceEntry> clients_;
  std::uint64_t keys_made_ = 0;
};

}  // namespace cc::sim
