#include "gateway_sim/calls/subjects.h"
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

Answer resolve(const Call& call) {
  const bool held = call.gateway.resolve_approval(
      text_of(call.params, "id"), text_of(call.params, "decision"), call.client.client_id);
  return held ? Answer(R"({"ok":true})") : not_found();
}

constexpr std::array kResolve{
    Member{"id", kString, kRequired},
    Member{"decision", kString, kRequired},
};

constexpr std::array kMethods{
    Method{"exec.approval.list", kApprovals, {}, list},
    Method{"exec.approval.resolve", kApprovals, kResolve, resolve},
};

}  // namespace

Methods approval_methods() {
  return kMethods;
}

}  // namespace cc::sim
