#include "fleet/rows.h"

#include <tuple>

namespace cc::fleet {
namespace {

auto lasting(const Gateway& row) {
  return std::tie(row.name, row.state, row.source, row.detail, row.action, row.protocol,
                  row.server_version, row.connected_at, row.reconnects, row.gaps);
}

auto lasting(const Agent& row) {
  return std::tie(row.gateway, row.id, row.name, row.emoji, row.is_default, row.model, row.runtime,
                  row.workspace, row.reported_status, row.status_reason, row.status_since,
                  row.active_runs, row.sessions, row.source);
}

auto lasting(const SessionView& row) {
  return std::tie(row.gateway, row.key, row.agent_id, row.session_id, row.parent_key, row.title,
                  row.kind, row.channel, row.status, row.active_runs, row.model, row.provider,
                  row.input_tokens, row.output_tokens, row.total_tokens, row.context_tokens,
                  row.cost_usd, row.started_at, row.updated_at, row.ended_at, row.archived);
}

auto lasting(const Presence& row) {
  return std::tie(row.gateway, row.id, row.host, row.mode, row.platform, row.client_version,
                  row.roles, row.online);
}

}  // namespace

bool differs(const Gateway& a, const Gateway& b) {
  return lasting(a) != lasting(b);
}
bool differs(const Agent& a, const Agent& b) {
  return lasting(a) != lasting(b);
}
bool differs(const SessionView& a, const SessionView& b) {
  return lasting(a) != lasting(b);
}
bool differs(const Presence& a, const Presence& b) {
  return lasting(a) != lasting(b);
}

bool touched(const Gateway& before, const Gateway& after) {
  return before.last_event_at != after.last_event_at;
}
bool touched(const Agent& before, const Agent& after) {
  return before.last_active_at != after.last_active_at ||
         before.last_progress_at != after.last_progress_at;
}
bool touched(const SessionView& /*before*/, const SessionView& /*after*/) {
  return false;
}
bool touched(const Presence& before, const Presence& after) {
  return before.last_seen_at != after.last_seen_at;
}

}  // namespace cc::fleet
