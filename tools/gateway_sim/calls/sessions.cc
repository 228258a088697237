// Lists of sessions, subscriptions to them, and look-ups.
#include <algorithm>

#include "gateway_sim/bad_frames.h"
#include "gateway_sim/calls/session_list.h"
#include "gateway_sim/calls/subjects.h"
#include "gateway_sim/json.h"

namespace cc::sim {
namespace {

using enum Kind;
using enum Need;
using boost::json::object;

RowStyle style_of(const object& params, const Gateway& gateway) {
  return {.now = gateway.now(),
          .derived_title = truth_of(params, "includeDerivedTitles"),
          .last_message = truth_of(params, "includeLastMessage"),
          .slim = gateway.options().slim_rows};
}

SessionQuery query_of(const object& params, Gateway& gateway) {
  SessionQuery query;
  query.limit = maybe_integer(params, "limit");
  query.offset = std::max<std::int64_t>(0, maybe_integer(params, "offset").value_or(0));
  query.agent_id = text_of(params, "agentId");
  query.label = text_of(params, "label");
  query.search = text_of(params, "search");
  query.active_minutes = maybe_integer(params, "activeMinutes");
  query.active_only = truth_of(params, "activeOnly");
  query.style = style_of(params, gateway);
  if (query.offset > 0 && gateway.faults().moving_total.take()) query.total_shift = 1;
  return query;
}

std::string listed(const Call& call) {
  Gateway& gateway = call.gateway;
  const SessionQuery query = query_of(call.params, gateway);
  if (gateway.faults().wrong_types.take()) return wrong_list(gateway.now());
  std::string out;
  JsonWriter json(out);
  write_sessions_list(json, gateway.world(), gateway.protocol(), query);
  return out;
}

Answer list(const Call& call) {
  return listed(call);
}

Answer subscribe(const Call& call) {
  call.client.subscribed = true;
  const bool with_list = call.gateway.protocol() == Protocol::kV4 && !call.params.empty();
  return object_with([&](JsonWriter& json) {
    json.field("subscribed", true);
    if (with_list) json.key("list").raw(listed(call));
  });
}

Answer unsubscribe(const Call& call) {
  call.client.subscribed = false;
  return R"({"subscribed":false})";
}

Answer subscribe_messages(const Call& call) {
  return object_of(std::pair{"subscribed", true}, std::pair{"key", text_of(call.params, "key")});
}

Answer describe(const Call& call) {
  const Session* session = call.gateway.world().sessions().find(text_of(call.params, "key"));
  if (session == nullptr) return R"({"session":null})";
  return object_with([&](JsonWriter& json) {
    json.key("session");
    write_session(json, *session, call.gateway.protocol(), {.now = call.gateway.now()});
  });
}

Answer resolve(const Call& call) {
  const std::string key = text_of(call.params, "key");
  const std::string id = text_of(call.params, "sessionId");
  const std::string label = text_of(call.params, "label");
  for (const auto& session : call.gateway.world().sessions()) {
    const bool named = session->key == key || (!id.empty() && session->session_id == id) ||
                       (!label.empty() && session->label == label);
    if (named) return object_of(std::pair{"ok", true}, std::pair{"key", session->key});
  }
  return refused("session not found");
}

constexpr std::array kList{
    Member{"limit", kInteger},
    Member{"activeMinutes", kInteger},
    Member{"includeGlobal", kBool},
    Member{"includeUnknown", kBool},
    Member{"includeDerivedTitles", kBool},
    Member{"includeLastMessage", kBool},
    Member{"label", kString},
    Member{"spawnedBy", kString},
    Member{"agentId", kString},
    Member{"search", kString},
    Member{"offset", kInteger, kOnlyV4},
    Member{"sortBy", kString, kOnlyV4},
    Member{"archived", kAny, kOnlyV4},
    Member{"configuredAgentsOnly", kBool, kOnlyV4},
    Member{"activeOnly", kBool, kOnlyV4},
    Member{"ownerFirst", kBool, kOnlyV4},
    Member{"ownerId", kString, kOnlyV4},
    Member{"creatorId", kString, kOnlyV4},
    Member{"requireLastInteraction", kBool, kOnlyV4},
    Member{"includeActivitySummary", kBool, kOnlyV4},
};
constexpr std::array kMessages{
    Member{"key", kString, kRequired},
    Member{"agentId", kString, kOnlyV4},
    Member{"includeApprovals", kBool, kOnlyV4},
};
constexpr std::array kDescribe{Member{"key", kString, kRequired}};
constexpr std::array kResolve{
    Member{"key", kString},
    Member{"sessionId", kString},
    Member{"label", kString},
};

constexpr std::array kMethods{
    Method{"sessions.list", kRead, kList, list},
    Method{"sessions.subscribe", kRead, kList, subscribe},
    Method{"sessions.unsubscribe", kReadOnlyV3, {}, unsubscribe},
    Method{"sessions.messages.subscribe", kRead, kMessages, subscribe_messages},
    Method{"sessions.describe", kReadOnlyV4, kDescribe, describe},
    Method{"sessions.resolve", kRead, kResolve, resolve},
};

}  // namespace

Methods session_methods() {
  return kMethods;
}

}  // namespace cc::sim
