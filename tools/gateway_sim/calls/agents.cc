#include "gateway_sim/calls/patches.h"
#include "gateway_sim/calls/subjects.h"
#include "gateway_sim/json.h"
#include "gateway_sim/story/rows.h"

namespace cc::sim {
namespace {

using enum Kind;
using enum Need;

Answer no_agent(const std::string& id) {
  return refused("agent \"" + id + "\" not found");
}

Answer list(const Call& call) {
  const World& world = call.gateway.world();
  const Protocol protocol = call.gateway.protocol();
  return object_with([&](JsonWriter& json) {
    json.field("defaultId", world.default_agent().id);
    if (protocol == Protocol::kV4)
      json.field("ownership", "explicit").field("selectionRequired", false);
    json.field("mainKey", "main").field("scope", "per-sender").key("agents").begin_array();
    for (const auto& agent : world.agents()) write_agent(json, *agent, protocol);
    json.end_array();
  });
}

Answer create(const Call& call) {
  Gateway& gateway = call.gateway;
  const std::string name = text_of(call.params, "name");
  gateway.publish(gateway.director().create_agent(name, agent_patch(call.params), gateway.now()));
  const Roster<Agent>& agents = gateway.world().agents();
  const Agent& agent = agents.at(agents.size() - 1);
  return object_of(std::pair{"ok", true}, std::pair{"agentId", agent.id},
                   std::pair{"name", agent.name}, std::pair{"workspace", agent.workspace},
                   std::pair{"model", agent.provider + '/' + agent.model});
}

Answer update(const Call& call) {
  Gateway& gateway = call.gateway;
  const std::string id = text_of(call.params, "agentId");
  Agent* agent = gateway.world().agents().find(id);
  if (agent == nullptr) return no_agent(id);
  gateway.publish(gateway.director().update_agent(*agent, agent_patch(call.params), gateway.now()));
  return object_of(std::pair{"ok", true}, std::pair{"agentId", id});
}

Answer remove(const Call& call) {
  Gateway& gateway = call.gateway;
  const std::string id = text_of(call.params, "agentId");
  const Agent* agent = gateway.world().agents().find(id);
  if (agent == nullptr) return no_agent(id);
  if (agent->is_default) return refused("\"" + id + "\" cannot be deleted");
  gateway.publish(gateway.director().remove_agent(id, gateway.now()));
  return object_with([&](JsonWriter& json) {
    json.field("ok", true).field("agentId", id).field("removedBindings", 0);
    if (gateway.protocol() == Protocol::kV4) json.raw(R"("removed":[],"failed":[])");
  });
}

constexpr std::array kCreate{
    Member{"name", kString, kRequired}, Member{"workspace", kString, kRequiredOnV3},
    Member{"model", kString},           Member{"emoji", kString},
    Member{"avatar", kString},
};
constexpr std::array kUpdate{
    Member{"agentId", kString, kRequired},
    Member{"name", kString},
    Member{"workspace", kString},
    Member{"model", kString},
    Member{"emoji", kString},
    Member{"avatar", kString},
};
constexpr std::array kDelete{
    Member{"agentId", kString, kRequired},
    Member{"deleteFiles", kBool},
};

constexpr std::array kMethods{
    Method{"agents.list", kRead, {}, list},
    Method{"agents.create", kAdmin, kCreate, create},
    Method{"agents.update", kAdmin, kUpdate, update},
    Method{"agents.delete", kAdmin, kDelete, remove},
};

}  // namespace

Methods agent_methods() {
  return kMethods;
}

}  // namespace cc::sim
