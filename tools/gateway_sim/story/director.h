#pragma once
// Lets something happen: changes the world and returns what the gateway tells of it. All ways lead
// through here, the emitter's, a client's call and a tester's command.

#include <optional>
#include <string>
#include <string_view>

#include "gateway_sim/story/narrator.h"
#include "gateway_sim/world/world.h"

namespace cc::sim {

struct SessionPatch {
  std::optional<std::string> label;
  std::optional<std::string> model;  // "provider/model" or "model"
  std::optional<bool> archived;
};

struct AgentPatch {
  std::optional<std::string> name;
  std::optional<std::string> emoji;
  std::optional<std::string> model;
  std::optional<std::string> workspace;
};

class Director {
 public:
  Director(World& world, const Narrator& narrator) : world_(world), narrator_(narrator) {}

  [[nodiscard]] Protocol protocol() const { return narrator_.protocol(); }

  /// A run begins in an idle session. With `accepted`, the message was sent by a client just now.
  Story start_run(Session& session, std::string run_id, std::string_view message, bool accepted,
                  TimeMs now);
  Story advance_run(Run& run, TimeMs now);
  /// `run` is gone afterwards.
  Story finish_run(Run& run, Outcome outcome, TimeMs now);
  /// On protocol 3 the run is gone afterwards.
  Story ask_approval(Run& run, TimeMs now);
  /// An empty `by`: nobody decided, the time was up.
  Story resolve_approval(const std::string& id, std::string_view decision, std::string_view by,
                         TimeMs now);

  Story create_session(const std::string& agent_id, const std::string& key,
                       const std::string& label, TimeMs now);
  Story patch_session(Session& session, const SessionPatch& patch, TimeMs now);
  Story reset_session(Session& session, TimeMs now);
  /// Empty if there is no such session.
  Story remove_session(const std::string& key, TimeMs now);

  Story create_agent(const std::string& name, const AgentPatch& patch, TimeMs now);
  Story update_agent(Agent& agent, const AgentPatch& patch, TimeMs now);
  Story remove_agent(const std::string& id, TimeMs now);

 private:
  Story tell_agents_changed(TimeMs now);

  World& world_;
  const Narrator& narrator_;
};

}  // namespace cc::sim
