// Devices and their pairing, and nodes.
#include "gateway_sim/calls/subjects.h"
#include "gateway_sim/json.h"

namespace cc::sim {
namespace {

using enum Kind;
using enum Need;

void write_device(JsonWriter& json, const PairedDevice& device) {
  json.field("deviceId", device.device_id).field("publicKey", device.public_key);
  json.field("platform", device.platform).field("clientId", device.client_id);
  json.field("clientMode", device.client_mode).field("role", device.role);
  write_strings(json, "scopes", device.scopes);
}

void write_pending(JsonWriter& json, const Doorkeeper& door) {
  json.key("pending").begin_array();
  for (const auto& [id, request] : door.pending()) {
    json.begin_object().field("requestId", id).field("reason", request.reason);
    write_device(json, request.device);
    json.end_object();
  }
  json.end_array();
}

void write_paired(JsonWriter& json, const Doorkeeper& door) {
  json.key("paired").begin_array();
  for (const auto& [id, device] : door.paired()) {
    json.begin_object();
    write_device(json, device);
    json.field("approvedAtMs", device.at).end_object();
  }
  json.end_array();
}

Answer list(const Call& call) {
  return object_with([&](JsonWriter& json) {
    write_pending(json, call.gateway.door());
    write_paired(json, call.gateway.door());
  });
}

Answer decided(bool held, const std::string& id) {
  if (!held) return refused("unknown requestId");
  return object_of(std::pair{"requestId", id});
}

Answer approve(const Call& call) {
  const std::string id = text_of(call.params, "requestId");
  return decided(call.gateway.door().approve(id, call.gateway.now()), id);
}

Answer reject(const Call& call) {
  const std::string id = text_of(call.params, "requestId");
  return decided(call.gateway.door().reject(id, call.gateway.now()), id);
}

Answer remove(const Call& call) {
  const std::string id = text_of(call.params, "deviceId");
  if (!call.gateway.remove_device(id)) return refused("unknown deviceId");
  return object_of(std::pair{"deviceId", id});
}

Answer list_nodes(const Call& call) {
  return object_with(
      [&](JsonWriter& json) { json.field("ts", call.gateway.now()).raw(R"("nodes":[])"); });
}

constexpr std::array kRequest{Member{"requestId", kString, kRequired}};
constexpr std::array kDevice{Member{"deviceId", kString, kRequired}};

constexpr std::array kMethods{
    Method{"device.pair.list", kPairing, {}, list},
    Method{"device.pair.approve", kPairing, kRequest, approve},
    Method{"device.pair.reject", kPairing, kRequest, reject},
    Method{"device.pair.remove", kPairing, kDevice, remove},
    Method{"node.list", kRead, {}, list_nodes},
};

}  // namespace

Methods device_methods() {
  return kMethods;
}

}  // namespace cc::sim
