#include "gateway/protocol/events.h"

#include "gateway/protocol/rows.h"

namespace cc::gateway::protocol {
namespace {

constexpr std::size_t kMaxAncestors = 64;
constexpr std::size_t kUsualEventBytes = 512;  // of an event's row
constexpr Millis kLongestAnnouncedRestart{10 * 60 * 1000};

void read_ancestors(const EventContext& context, const Members& payload) {
  const auto rows = payload.array("ancestorSessions");
  if (!rows) return;
  std::size_t count = 0;
  for (const auto row : *rows) {
    if (++count > kMaxAncestors) return skip(payload.skipped(), "rows");
    const auto keyed = keyed_row(row, "key", payload.skipped());
    if (!keyed) continue;
    fleet::SessionChanged change;
    change.row = read_session(keyed->row, keyed->key, true, change.texts);
    context.observe(std::move(change));
  }
}

void read_delete(const EventContext& context, const Members& payload, std::string_view key) {
  context.observe(fleet::SessionDeleted{std::string(key), value_of(payload.identity("sessionId"))});
}

std::string_view word_of(const Members& payload, std::string_view name, fleet::TextArena& texts) {
  return value_of(payload.text({name}, texts, Members::kWordBytes)).value_or("");
}

std::string agent_in(const Members& payload, const std::optional<Members>& session) {
  auto agent = session ? session->identity_or_empty("agentId") : std::string();
  return agent.empty() ? payload.identity_or_empty("agentId") : agent;
}

/// Empty where there is none, or one that cannot be one, which is counted.
std::string_view key_of(const Members& payload, std::string_view name, fleet::TextArena& texts) {
  return value_of(payload.identity({name}, texts)).value_or("");
}

}  // namespace

void read_sessions_changed(const EventContext& context, const Members& payload) {
  const auto session = payload.object("session");
  // A key that was sent and cannot be one is skipped; none at all says that something changed
  // somewhere.
  const bool named = payload.find("sessionKey") || (session && session->find("key"));
  fleet::SessionChanged change;
  change.texts = fleet::TextArena(kUsualEventBytes);
  auto key = key_of(payload, "sessionKey", change.texts);
  if (key.empty() && session) key = key_of(*session, "key", change.texts);
  if (key.empty()) {
    context.out.refetch_sessions = !named;
    return;
  }
  if (is_shared_key(key))
    key = change.texts.keep(session_identity(key, agent_in(payload, session)));
  change.reason = word_of(payload, "reason", change.texts);
  if (change.reason == "delete") return read_delete(context, payload, key);

  change.row = read_session(session ? *session : payload, key, session.has_value(), change.texts);
  change.phase = word_of(payload, "phase", change.texts);
  change.run_state_is_stale = context.dialect.message_rows_are_stale && change.phase == "message";
  change.run_id = key_of(payload, "runId", change.texts);
  context.observe(std::move(change));
  read_ancestors(context, payload);
}

void read_agent_config(const EventContext& context, const Members& payload) {
  context.out.refetch_agents = true;
  auto id = payload.identity_or_empty("agentId");
  if (id.empty()) return;
  auto agent = read_agent(payload, id);
  if (const auto config = payload.object("config")) {
    auto inner = read_agent(*config, std::move(id));
    for (const auto field :
         {&fleet::AgentPatch::name, &fleet::AgentPatch::emoji, &fleet::AgentPatch::model,
          &fleet::AgentPatch::runtime, &fleet::AgentPatch::workspace}) {
      if (inner.*field) agent.*field = std::move(inner.*field);
    }
  }
  if (!agent.name && !agent.emoji && !agent.model && !agent.runtime && !agent.workspace) return;
  context.out.refetch_agents = false;
  context.observe(fleet::AgentConfigured{std::move(agent)});
}

void read_shutdown(const EventContext& context, const Members& payload) {
  context.out.shutdown = true;
  const auto expected = value_of(payload.count("restartExpectedMs"));
  if (expected && *expected > 0) {
    context.out.restart_expected = std::min(Millis(*expected), kLongestAnnouncedRestart);
  }
}

}  // namespace cc::gateway::protocol
