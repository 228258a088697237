#include "gateway_sim/calls/subjects.h"
#include "gateway_sim/json.h"
#include "gateway_sim/story/rows.h"

namespace cc::sim {
namespace {

using enum Kind;
using enum Need;

Answer list(const Call& call) {
  std::string out;
  JsonWriter json(out);
  json.begin_array();
  for (const auto& approval : call.gateway.world().approvals())
    write_approval(json, *approval, call.gateway.protocol());
  json.end_array();
  return out;
}

Answer not_found() {
  Refusal refusal = invalid_request("unknown or expired approval id");
  refusal.details = R"({"reason":"APPROVAL_NOT_FOUND"})";
  return std::unexpected(refusal);
}

std::unexpected<Refusal> refused_for(std::string message, std::string_view reason) {
  Refusal refusal = invalid_request(std::move(message));
  refusal.details = object_of(std::pair{"reason", reason});
  return std::unexpected(refusal);
}

/// Deciding the same way again is fine for a while, and any other way is too late.
Answer resolve(const Call& call) {
  const std::string id = text_of(call.params, "id");
  const std::string decision = text_of(call.params, "decision");
  if (decision == "allow-always")
    return refused_for("allow-always is unavailable", "APPROVAL_ALLOW_ALWAYS_UNAVAILABLE");
  if (decision != "allow-once" && decision != "deny") return refused("invalid decision");
  const std::string before = call.gateway.recent_decision(id);
  if (before == decision) return R"({"ok":true})";
  if (!before.empty()) return refused_for("approval already resolved", "APPROVAL_ALREADY_RESOLVED");
  const std::string& name = call.client.display_name;
  const bool held =
      call.gateway.resolve_approval(id, decision, name.empty() ? call.client.client_id : name);
  return held ? Answer(R"({"ok":true})") : not_found();
}

/// Also of those that have ended.
Answer get(const Call& call) {
  const std::string id = text_of(call.params, "id");
  const bool waits = call.gateway.world().approvals().find(id) != nullptr;
  const std::string decision = call.gateway.recorded_decision(id);
  if (!waits && decision.empty()) return not_found();
  return object_with([&](JsonWriter& json) {
    json.key("approval").begin_object().field("id", id);
    if (waits) {
      json.field("status", "pending");
    } else {
      json.field("status", decision == "deny" ? "denied" : "allowed").field("decision", decision);
    }
    json.end_object();
  });
}

Answer none(const Call& /*call*/) {
  return "[]";
}

constexpr std::array kResolve{
    Member{"id", kString, kRequired},
    Member{"decision", kString, kRequired},
};

constexpr std::array kGet{Member{"id", kString, kRequired}};

constexpr std::array kMethods{
    Method{"approval.get", kApprovalsOnlyV4, kGet, get},
    Method{"exec.approval.list", kApprovals, {}, list},
    Method{"exec.approval.resolve", kApprovals, kResolve, resolve},
    Method{"plugin.approval.list", kApprovals, {}, none},
};

}  // namespace

Methods approval_methods() {
  return kMethods;
}

}  // namespace cc::sim
