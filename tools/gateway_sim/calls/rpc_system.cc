// The calls about agents, approvals, devices and the gateway itself.
#include <boost/json.hpp>

#include "gateway_sim/calls/rpc.h"

namespace cc::sim {
namespace {

AgentPatch patch_of(const boost::json::object& params) {
  return {maybe_text(params, "name"), maybe_text(params, "emoji"), maybe_text(params, "model"),
          maybe_text(params, "workspace")};
}

template <class Write>
std::string object_with(Write&& write) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  write(json);
  json.end_object();
  return out;
}

void write_device(JsonWriter& json, const PairedDevice& device) {
  json.field("deviceId", device.device_id).field("publicKey", device.public_key);
  json.field("platform", device.platform).field("clientId", device.client_id);
  json.field("clientMode", device.client_mode).field("role", device.role);
  json.key("scopes").begin_array();
  for (const std::string& scope : device.scopes) json.value(scope);
  json.end_array();
}

Refusal no_request() {
  return invalid_request("unknown requestId");
}

}  // namespace

Answer Rpc::agents_list(Client& /*client*/, const Params& /*params*/) {
  std::string out;
  JsonWriter json(out);
  write_agents_list(json, gateway_.world(), gateway_.protocol());
  return out;
}

Answer Rpc::agents_create(Client& /*client*/, const Params& params) {
  if (gateway_.protocol() == Protocol::kV3 && !params.contains("workspace")) {
    return std::unexpected(invalid_request(
        "invalid agents.create params: at root: must have required property 'workspace'"));
  }
  const std::string name = text_of(params, "name");
  gateway_.publish(gateway_.director().create_agent(name, patch_of(params), gateway_.now()));
  const Roster<Agent>& agents = gateway_.world().agents();
  const Agent& agent = agents.at(agents.size() - 1);
  return object_with([&](JsonWriter& json) {
    json.field("ok", true).field("agentId", agent.id).field("name", agent.name);
    json.field("workspace", agent.workspace).field("model", agent.provider + '/' + agent.model);
  });
}

Answer Rpc::agents_update(Client& /*client*/, const Params& params) {
  const std::string id = text_of(params, "agentId");
  Agent* agent = gateway_.world().agents().find(id);
  if (agent == nullptr) return std::unexpected(invalid_request("agent \"" + id + "\" not found"));
  gateway_.publish(gateway_.director().update_agent(*agent, patch_of(params), gateway_.now()));
  return object_with([&](JsonWriter& json) { json.field("ok", true).field("agentId", id); });
}

Answer Rpc::agents_delete(Client& /*client*/, const Params& params) {
  const std::string id = text_of(params, "agentId");
  const Agent* agent = gateway_.world().agents().find(id);
  if (agent == nullptr) return std::unexpected(invalid_request("agent \"" + id + "\" not found"));
  if (agent->is_default)
    return std::unexpected(invalid_request("\"" + id + "\" cannot be deleted"));
  gateway_.publish(gateway_.director().remove_agent(id, gateway_.now()));
  return object_with([&](JsonWriter& json) {
    json.field("ok", true).field("agentId", id).field("removedBindings", 0);
    if (gateway_.protocol() == Protocol::kV4) json.raw(R"("removed":[],"failed":[])");
  });
}

Answer Rpc::approval_list(Client& /*client*/, const Params& /*params*/) {
  std::string out;
  JsonWriter json(out);
  json.begin_array();
  for (const auto& approval : gateway_.world().approvals())
    write_approval(json, *approval, gateway_.protocol());
  json.end_array();
  return out;
}

Answer Rpc::approval_resolve(Client& client, const Params& params) {
  const std::string id = text_of(params, "id");
  if (!gateway_.resolve_approval(id, text_of(params, "decision"), client.client_id)) {
    Refusal refusal = invalid_request("unknown or expired approval id");
    refusal.details = R"({"reason":"APPROVAL_NOT_FOUND"})";
    return std::unexpected(refusal);
  }
  return R"({"ok":true})";
}

Answer Rpc::system_presence(Client& /*client*/, const Params& /*params*/) {
  std::string out;
  JsonWriter json(out);
  write_presence_list(json, gateway_.world(), gateway_.protocol());
  return out;
}

Answer Rpc::health(Client& /*client*/, const Params& /*params*/) {
  return object_with([&](JsonWriter& json) {
    write_health(json, gateway_.world(), gateway_.protocol(), gateway_.now());
  });
}

Answer Rpc::status(Client& /*client*/, const Params& /*params*/) {
  std::string out;
  JsonWriter json(out);
  write_status(json, gateway_.world(), gateway_.protocol(), gateway_.now());
  return out;
}

Answer Rpc::cron_list(Client& /*client*/, const Params& /*params*/) {
  return R"({"jobs":[],"total":0,"offset":0,"limit":50,"hasMore":false,"nextOffset":null,"deliveryPreviews":{}})";
}

Answer Rpc::cron_status(Client& /*client*/, const Params& /*params*/) {
  return R"({"enabled":true,"storePath":"/home/user/.openclaw/cron/jobs.json","jobs":0,"nextWakeAtMs":null})";
}

Answer Rpc::models_list(Client& /*client*/, const Params& /*params*/) {
  const Agent& agent = gateway_.world().default_agent();
  return object_with([&](JsonWriter& json) {
    json.key("models")
        .begin_array()
        .begin_object()
        .field("id", agent.model)
        .field("name", agent.model);
    json.field("provider", agent.provider).field("contextWindow", 200000).end_object().end_array();
  });
}

Answer Rpc::usage_cost(Client& /*client*/, const Params& params) {
  return object_with([&](JsonWriter& json) {
    json.field("updatedAt", gateway_.now())
        .field("days", maybe_integer(params, "days").value_or(30));
    json.raw(
        R"("daily":[],"totals":{"input":0,"output":0,"totalTokens":0,"totalCost":0,"missingCostEntries":0})");
  });
}

Answer Rpc::node_list(Client& /*client*/, const Params& /*params*/) {
  return object_with(
      [&](JsonWriter& json) { json.field("ts", gateway_.now()).raw(R"("nodes":[])"); });
}

Answer Rpc::last_heartbeat(Client& /*client*/, const Params& /*params*/) {
  return "null";
}

Answer Rpc::pair_list(Client& /*client*/, const Params& /*params*/) {
  return object_with([&](JsonWriter& json) {
    json.key("pending").begin_array();
    for (const auto& [id, request] : gateway_.door().pending()) {
      json.begin_object().field("requestId", id).field("reason", request.reason);
      write_device(json, request.device);
      json.end_object();
    }
    json.end_array().key("paired").begin_array();
    for (const auto& [id, device] : gateway_.door().paired()) {
      json.begin_object();
      write_device(json, device);
      json.field("approvedAtMs", device.at).end_object();
    }
    json.end_array();
  });
}

Answer Rpc::pair_approve(Client& /*client*/, const Params& params) {
  const std::string id = text_of(params, "requestId");
  if (!gateway_.door().approve(id, gateway_.now())) return std::unexpected(no_request());
  return object_with([&](JsonWriter& json) { json.field("requestId", id); });
}

Answer Rpc::pair_reject(Client& /*client*/, const Params& params) {
  const std::string id = text_of(params, "requestId");
  if (!gateway_.door().reject(id, gateway_.now())) return std::unexpected(no_request());
  return object_with([&](JsonWriter& json) { json.field("requestId", id); });
}

Answer Rpc::pair_remove(Client& /*client*/, const Params& params) {
  const std::string id = text_of(params, "deviceId");
  if (!gateway_.door().remove_device(id))
    return std::unexpected(invalid_request("unknown deviceId"));
  for (Peer* peer : gateway_.peers()) {
    if (peer->client().device_id == id) peer->close(4001, "device removed");
  }
  return object_with([&](JsonWriter& json) { json.field("deviceId", id); });
}

}  // namespace cc::sim
