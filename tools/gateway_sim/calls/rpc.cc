#include "gateway_sim/calls/rpc.h"

#include <boost/json.hpp>

namespace cc::sim {
namespace {

constexpr std::string_view kRead = "operator.read";
constexpr std::string_view kWrite = "operator.write";
constexpr std::string_view kAdmin = "operator.admin";
constexpr std::string_view kApprovals = "operator.approvals";
constexpr std::string_view kPairing = "operator.pairing";
/// sessions.patch: an admin's on protocol 3, a writer's on protocol 4.
constexpr std::string_view kAdminOnV3 = "write-or-admin";

enum class Exists { kBoth, kOnlyV3, kOnlyV4 };
using enum Exists;

const std::vector<Member>& list_members() {
  using enum Kind;
  static const std::vector<Member> kMembers{
      {"limit", kInteger},
      {"activeMinutes", kInteger},
      {"includeGlobal", kBool},
      {"includeUnknown", kBool},
      {"includeDerivedTitles", kBool},
      {"includeLastMessage", kBool},
      {"label", kString},
      {"spawnedBy", kString},
      {"agentId", kString},
      {"search", kString},
      {"offset", kInteger, false, true},
      {"sortBy", kString, false, true},
      {"archived", kAny, false, true},
      {"configuredAgentsOnly", kBool, false, true},
      {"activeOnly", kBool, false, true},
      {"ownerFirst", kBool, false, true},
      {"ownerId", kString, false, true},
      {"creatorId", kString, false, true},
      {"requireLastInteraction", kBool, false, true},
      {"includeActivitySummary", kBool, false, true},
  };
  return kMembers;
}

}  // namespace

struct Rpc::Method {
  std::string_view name;
  std::string_view scope;
  Exists exists;
  std::vector<Member> members;
  Answer (Rpc::*run)(Client&, const Params&);

  [[nodiscard]] bool exists_in(Protocol protocol) const {
    return exists == kBoth || (exists == kOnlyV3) == (protocol == Protocol::kV3);
  }
  [[nodiscard]] std::string_view scope_in(Protocol protocol) const {
    if (scope != kAdminOnV3) return scope;
    return protocol == Protocol::kV3 ? kAdmin : kWrite;
  }
};

const std::vector<Rpc::Method>& Rpc::methods() {
  using enum Kind;
  static const std::vector<Method> kMethods{
      {"agents.list", kRead, kBoth, {}, &Rpc::agents_list},
      {"agents.create",
       kAdmin,
       kBoth,
       {{"name", kString, true},
        {"workspace", kString},
        {"model", kString},
        {"emoji", kString},
        {"avatar", kString}},
       &Rpc::agents_create},
      {"agents.update",
       kAdmin,
       kBoth,
       {{"agentId", kString, true},
        {"name", kString},
        {"workspace", kString},
        {"model", kString},
        {"emoji", kString},
        {"avatar", kString}},
       &Rpc::agents_update},
      {"agents.delete",
       kAdmin,
       kBoth,
       {{"agentId", kString, true}, {"deleteFiles", kBool}},
       &Rpc::agents_delete},
      {"sessions.list", kRead, kBoth, list_members(), &Rpc::sessions_list},
      {"sessions.subscribe", kRead, kBoth, list_members(), &Rpc::sessions_subscribe},
      {"sessions.unsubscribe", kRead, kOnlyV3, {}, &Rpc::sessions_unsubscribe},
      {"sessions.messages.subscribe",
       kRead,
       kBoth,
       {{"key", kString, true},
        {"agentId", kString, false, true},
        {"includeApprovals", kBool, false, true}},
       &Rpc::messages_subscribe},
      {"sessions.describe", kRead, kOnlyV4, {{"key", kString, true}}, &Rpc::sessions_describe},
      {"sessions.resolve",
       kRead,
       kBoth,
       {{"key", kString}, {"sessionId", kString}, {"label", kString}},
       &Rpc::sessions_resolve},
      {"sessions.create",
       kWrite,
       kBoth,
       {{"key", kString},
        {"agentId", kString},
        {"label", kString},
        {"model", kString},
        {"message", kString},
        {"task", kString},
        {"parentSessionKey", kString}},
       &Rpc::sessions_create},
      {"sessions.patch",
       kAdminOnV3,
       kBoth,
       {{"key", kString, true},
        {"label", kString},
        {"model", kString},
        {"thinkingLevel", kString},
        {"archived", kBool, false, true},
        {"pinned", kBool, false, true}},
       &Rpc::sessions_patch},
      {"sessions.reset",
       kAdmin,
       kBoth,
       {{"key", kString, true}, {"reason", kString}},
       &Rpc::sessions_reset},
      {"sessions.delete",
       kAdmin,
       kBoth,
       {{"key", kString, true}, {"deleteTranscript", kBool}},
       &Rpc::sessions_delete},
      {"sessions.send",
       kWrite,
       kBoth,
       {{"key", kString, true},
        {"message", kString, true},
        {"idempotencyKey", kString},
        {"thinking", kString},
        {"timeoutMs", kInteger}},
       &Rpc::sessions_send},
      {"sessions.abort",
       kWrite,
       kBoth,
       {{"key", kString}, {"runId", kString}},
       &Rpc::sessions_abort},
      {"chat.send",
       kWrite,
       kBoth,
       {{"sessionKey", kString, true},
        {"message", kString, true},
        {"idempotencyKey", kString, true},
        {"thinking", kString},
        {"timeoutMs", kInteger},
        {"queueMode", kString, false, true}},
       &Rpc::chat_send},
      {"chat.abort",
       kWrite,
       kBoth,
       {{"sessionKey", kString, true}, {"runId", kString}},
       &Rpc::chat_abort},
      {"exec.approval.list", kApprovals, kBoth, {}, &Rpc::approval_list},
      {"exec.approval.resolve",
       kApprovals,
       kBoth,
       {{"id", kString, true}, {"decision", kString, true}},
       &Rpc::approval_resolve},
      {"system-presence", kRead, kBoth, {}, &Rpc::system_presence},
      {"health", kRead, kBoth, {{"probe", kBool}}, &Rpc::health},
      {"status", kRead, kBoth, {}, &Rpc::status},
      {"cron.list",
       kRead,
       kBoth,
       {{"includeDisabled", kBool}, {"limit", kInteger}, {"offset", kInteger}, {"query", kString}},
       &Rpc::cron_list},
      {"cron.status", kRead, kBoth, {}, &Rpc::cron_status},
      {"models.list", kRead, kBoth, {{"view", kString}}, &Rpc::models_list},
      {"usage.cost",
       kRead,
       kBoth,
       {{"days", kInteger}, {"startDate", kString}, {"endDate", kString}},
       &Rpc::usage_cost},
      {"node.list", kRead, kBoth, {}, &Rpc::node_list},
      {"last-heartbeat", kRead, kBoth, {}, &Rpc::last_heartbeat},
      {"device.pair.list", kPairing, kBoth, {}, &Rpc::pair_list},
      {"device.pair.approve", kPairing, kBoth, {{"requestId", kString, true}}, &Rpc::pair_approve},
      {"device.pair.reject", kPairing, kBoth, {{"requestId", kString, true}}, &Rpc::pair_reject},
      {"device.pair.remove", kPairing, kBoth, {{"deviceId", kString, true}}, &Rpc::pair_remove},
  };
  return kMethods;
}

Answer Rpc::call(Client& client, std::string_view name, const Params& params) {
  const Protocol protocol = gateway_.protocol();
  const Method* method = nullptr;
  for (const Method& known : methods()) {
    if (known.name == name && known.exists_in(protocol)) method = &known;
  }
  // Whoever is not an admin is not even told that a method does not exist.
  const std::string_view scope = method == nullptr ? kAdmin : method->scope_in(protocol);
  if (!client.may(scope)) return std::unexpected(missing_scope(protocol, scope));
  if (method == nullptr)
    return std::unexpected(invalid_request("unknown method: " + std::string(name)));
  if (const auto fault = find_fault(params, method->members, "", protocol)) {
    return std::unexpected(invalid_request("invalid " + std::string(name) + " params: " + *fault));
  }
  return (this->*method->run)(client, params);
}

std::vector<std::string> Rpc::names() const {
  std::vector<std::string> names;
  for (const Method& known : methods()) {
    if (known.exists_in(gateway_.protocol())) names.emplace_back(known.name);
  }
  return names;
}

}  // namespace cc::sim
