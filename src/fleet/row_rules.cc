#include "fleet/row_rules.h"

namespace cc::fleet {
namespace {

template <class T, class Said>
void take(std::optional<T>& into, const Field<Said>& said, bool complete) {
  if (said && *said) {
    const Said& value = **said;
    into = value;
  } else if (said || complete) {
    into.reset();
  }
}

template <class T, class Said>
bool has(const std::optional<T>& field, const Field<Said>& said, bool complete) {
  return said ? field == *said : !complete || !field;
}

template <class Row>
bool is_new_generation(const Row& row, const SessionPatch& patch) {
  return row.session_id && patch.session_id && *patch.session_id &&
         **patch.session_id != *row.session_id;
}

/// What a patch says of each field of a row, as `visit(field, said, complete)`: where it is
/// complete, what is not said is nothing.
template <class Row, class Visit>
void each_field(Row& row, const SessionPatch& patch, bool keep_run_state, Visit visit) {
  // A new generation starts with nothing of the old one's run; a flat patch does not say so.
  const bool whole = patch.complete || is_new_generation(row, patch);
  visit(row.agent_id, patch.agent_id, false);
  visit(row.session_id, patch.session_id, whole);
  visit(row.parent_key, patch.parent_key, patch.complete);
  visit(row.title, patch.title, false);
  visit(row.kind, patch.kind, patch.complete);
  visit(row.channel, patch.channel, patch.complete);
  visit(row.model, patch.model, patch.complete);
  visit(row.provider, patch.provider, patch.complete);
  visit(row.input_tokens, patch.input_tokens, whole);
  visit(row.output_tokens, patch.output_tokens, whole);
  visit(row.total_tokens, patch.total_tokens, whole);
  visit(row.context_tokens, patch.context_tokens, patch.complete);
  visit(row.cost_usd, patch.cost_usd, whole);
  visit(row.updated_at, patch.updated_at, false);
  if (keep_run_state) return;
  visit(row.status, patch.status, whole);
  visit(row.started_at, patch.started_at, whole);
  visit(row.ended_at, patch.ended_at, whole);
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

void apply(SessionView& row, const SessionPatch& patch, bool keep_run_state) {
  each_field(row, patch, keep_run_state,
             [](auto& field, const auto& said, bool complete) { take(field, said, complete); });
  if (patch.archived) row.archived = patch.archived->value_or(false);
}

bool says_nothing_new(const SessionView& held, const SessionPatch& patch, bool keep_run_state) {
  bool same = !patch.archived || held.archived == patch.archived->value_or(false);
  each_field(held, patch, keep_run_state, [&](const auto& field, const auto& said, bool complete) {
    same = same && has(field, said, complete);
  });
  return same;
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
