#include "gateway/protocol/events.h"

#include "gateway/protocol/rows.h"

namespace cc::gateway::protocol {
namespace {

constexpr std::size_t kMaxAncestors = 64;
constexpr Millis kLongestRestart{10 * 60 * 1000};

void read_ancestors(const Reading& reading, const Members& payload) {
  const auto rows = payload.array("ancestorSessions");
  if (!rows) return;
  std::size_t count = 0;
  for (const auto row : *rows) {
    if (++count > kMaxAncestors) return refuse(payload.refused(), "rows");
    auto keyed = keyed_row(row, "key", payload.refused());
    if (!keyed) continue;
    reading.observe(
        fleet::SessionChanged{read_session(keyed->row, std::move(keyed->key), true), {}, {}, {}});
  }
}

void read_delete(const Reading& reading, const Members& payload, std::string key) {
  reading.observe(fleet::SessionDeleted{std::move(key), value_of(payload.identity("sessionId"))});
}

}  // namespace

void read_sessions_changed(const Reading& reading, const Members& payload) {
  const auto session = payload.object("session");
  // A key that was sent and cannot be one is refused; none at all says that something changed
  // somewhere.
  const bool named = payload.find("sessionKey") || (session && session->find("key"));
  auto key = payload.identity_or_empty("sessionKey");
  if (key.empty() && session) key = session->identity_or_empty("key");
  if (key.empty()) {
    reading.out.refetch_sessions = !named;
    return;
  }
  const auto reason = payload.word("reason");
  if (reason == "delete") return read_delete(reading, payload, std::move(key));

  fleet::SessionChanged change;
  change.row = session ? read_session(*session, std::move(key), true)
                       : read_session(payload, std::move(key), false);
  change.phase = payload.word("phase");
  change.reason = reason;
  change.run_id = payload.identity_or_empty("runId");
  reading.observe(std::move(change));
  read_ancestors(reading, payload);
}

void read_agent_config(const Reading& reading, const Members& payload) {
  reading.out.refetch_agents = true;
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
  reading.out.refetch_agents = false;
  reading.observe(fleet::AgentConfigured{std::move(agent)});
}

void read_shutdown(const Reading& reading, const Members& payload) {
  reading.out.shutdown = true;
  const auto expected = value_of(payload.count("restartExpectedMs"));
  if (expected && *expected > 0) {
    reading.out.restart_expected = std::min(Millis(*expected), kLongestRestart);
  }
}

}  // namespace cc::gateway::protocol
