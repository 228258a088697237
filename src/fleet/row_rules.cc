#include "fleet/row_rules.h"

namespace cc::fleet {
namespace {

template <class T>
void take(std::optional<T>& into, const Field<T>& said, bool complete) {
  if (said) {
    into = *said;
  } else if (complete) {
    into.reset();
  }
}

bool is_new_generation(const Session& row, const SessionPatch& patch) {
  return row.session_id && patch.session_id && *patch.session_id &&
         **patch.session_id != *row.session_id;
}

}  // namespace

void apply(Agent& row, const AgentPatch& patch, bool complete) {
  if (patch.name || complete) row.name = patch.name.value_or(std::nullopt).value_or(row.id);
  take(row.emoji, patch.emoji, complete);
  take(row.model, patch.model, complete);
  take(row.runtime, patch.runtime, complete);
  take(row.workspace, patch.workspace, complete);
  if (patch.last_active_at) take(row.last_active_at, patch.last_active_at, false);
}

void apply(Session& row, const SessionPatch& patch, bool keep_run_state) {
  // A new generation starts with nothing of the old one's run; a flat patch does not say so.
  const bool whole = patch.complete || is_new_generation(row, patch);
  if (patch.agent_id) row.agent_id = *patch.agent_id;
  take(row.session_id, patch.session_id, whole);
  take(row.parent_key, patch.parent_key, patch.complete);
  take(row.title, patch.title, false);
  take(row.kind, patch.kind, patch.complete);
  take(row.channel, patch.channel, patch.complete);
  take(row.model, patch.model, patch.complete);
  take(row.provider, patch.provider, patch.complete);
  take(row.input_tokens, patch.input_tokens, whole);
  take(row.output_tokens, patch.output_tokens, whole);
  take(row.total_tokens, patch.total_tokens, whole);
  take(row.context_tokens, patch.context_tokens, patch.complete);
  take(row.cost_usd, patch.cost_usd, whole);
  take(row.updated_at, patch.updated_at, false);
  if (patch.archived) row.archived = patch.archived->value_or(false);
  if (keep_run_state) return;
  take(row.status, patch.status, whole);
  take(row.started_at, patch.started_at, whole);
  take(row.ended_at, patch.ended_at, whole);
}

void apply(Presence& row, const PresencePatch& patch) {
  row.host = patch.host;
  row.mode = patch.mode;
  row.platform = patch.platform;
  row.client_version = patch.client_version;
  row.roles = patch.roles;
  row.online = patch.online;
  if (patch.last_seen_at) row.last_seen_at = patch.last_seen_at;
}

void apply(Gateway& row, const ConnectionReport& report) {
  row.state = report.state;
  row.source = report.source;
  row.detail = report.detail;
  row.action = report.action;
  if (report.protocol) row.protocol = report.protocol;
  if (report.server_version) row.server_version = report.server_version;
  row.connected_at = report.connected_at;
  if (report.reconnected) ++row.reconnects;
}

bool is_stale(const SessionView& held, const SessionPatch& patch) {
  return held.updated_at && patch.updated_at && *patch.updated_at &&
         **patch.updated_at < *held.updated_at;
}

}  // namespace cc::fleet
