#include "gateway/protocol/events.h"

namespace cc::gateway::protocol {
namespace {

using fleet::RunEvent;

/// What the id of such a run begins with; the id of the approval follows.
constexpr std::string_view kFollowUp = "exec-approval-followup:";

/// Who is meant: protocol 3 names the agent in the session key alone.
RunEvent run_of(const Members& payload) {
  RunEvent run;
  run.session_key = payload.identity_or_empty("sessionKey");
  run.run_id = payload.identity_or_empty("runId");
  run.agent_id = value_of(payload.identity("agentId"));
  if (is_shared_key(run.session_key)) {
    run.session_key = session_identity(run.session_key, run.agent_id.value_or(""));
  }
  if (run.agent_id) return run;
  if (const auto agent = agent_of_key(run.session_key)) run.agent_id.emplace(*agent);
  return run;
}

/// No agent is named, so the event means nothing for us.
bool is_nobody(const RunEvent& run) {
  return run.session_key.empty() && run.run_id.empty();
}

/// The run took too long. 2026.6 calls it aborted as well, 2026.8 says nothing else.
bool took_too_long(const Members& data) {
  return data.find("timeoutPhase").has_value();
}

/// A person stopped the run.
bool was_cancelled(const Members& data) {
  if (took_too_long(data)) return false;
  const auto stop = data.word("stopReason");
  return data.word("status") == "cancelled" || stop == "aborted" || stop == "rpc";
}

RunEvent::Kind lifecycle_kind(std::string_view phase) {
  if (phase == "start") return RunEvent::Kind::kStart;
  if (phase == "end") return RunEvent::Kind::kEnd;
  if (phase == "error") return RunEvent::Kind::kError;
  if (phase == "waiting-approval") return RunEvent::Kind::kWaiting;
  if (phase == "approval-resolved") return RunEvent::Kind::kApproved;
  return RunEvent::Kind::kProgress;
}

void read_lifecycle(const EventContext& context, const Members& data, RunEvent& run) {
  run.kind = lifecycle_kind(data.word("phase"));
  run.started_at = value_of(data.time("startedAt"));
  run.ended_at = value_of(data.time("endedAt"));
  run.approval_id = data.identity_or_empty("approvalId");
  if (run.kind != RunEvent::Kind::kEnd && run.kind != RunEvent::Kind::kError) return;
  run.aborted = was_cancelled(data);
  // The run was cut off, and no person is named: usually a timeout. The row that follows tells.
  const bool is_cut_off = data.is_true("aborted") || took_too_long(data);
  if (is_cut_off && !run.aborted) run.ended_at.reset();
  if (run.kind != RunEvent::Kind::kError) return;
  run.error = value_of(data.text("error")).value_or("");
  run.final = !context.dialect.retries_failed_runs || run.aborted;
}

/// What is asked in this stream waits on when the run that asked has ended. Newer gateways tell
/// here of steps of theirs, which have no id.
void read_approval(const Members& payload, const Members& data, RunEvent& run) {
  run.approval_id = data.identity_or_empty("approvalId");
  if (run.approval_id.empty()) return;
  const auto phase = data.word("phase");
  if (phase == "requested") run.kind = RunEvent::Kind::kWaiting;
  if (phase == "resolved") run.kind = RunEvent::Kind::kApproved;
  run.outlived_by_approval = phase == "requested";
  run.asked_at = value_of(payload.time("ts"));
}

/// Without the approvals scope, only the run that goes on with an approval tells that it was given
/// or denied.
void resolve_approval(const EventContext& context, const RunEvent& run) {
  if (run.kind != RunEvent::Kind::kStart || !run.run_id.starts_with(kFollowUp)) return;
  if (run.session_key.empty() || run.run_id.size() == kFollowUp.size()) return;
  RunEvent approved;
  approved.kind = RunEvent::Kind::kApproved;
  approved.agent_id = run.agent_id;
  approved.session_key = run.session_key;
  approved.approval_id = run.run_id.substr(kFollowUp.size());
  context.observe(std::move(approved));
}

/// Where the lifecycle stream says all of this, it does so more exactly.
void read_terminal_state(const Members& payload, RunEvent& run) {
  const auto state = payload.word("state");
  if (state == "final") run.kind = RunEvent::Kind::kEnd;
  if (state == "aborted") {
    run.kind = RunEvent::Kind::kEnd;
    run.aborted = true;
  }
  if (state == "error") {
    run.kind = RunEvent::Kind::kError;
    run.error = value_of(payload.text("errorMessage")).value_or("");
  }
}

void observe_unless_nobody(const EventContext& context, RunEvent run) {
  if (is_nobody(run)) return;
  context.observe(std::move(run));
}

}  // namespace

void read_agent_event(const EventContext& context, const Members& payload) {
  auto run = run_of(payload);
  if (is_nobody(run)) return;
  const auto stream = payload.word("stream");
  const auto data = payload.object("data");
  if (data && stream == "lifecycle") read_lifecycle(context, *data, run);
  if (data && stream == "approval") read_approval(payload, *data, run);
  resolve_approval(context, run);
  context.observe(std::move(run));
}

void read_chat_event(const EventContext& context, const Members& payload) {
  auto run = run_of(payload);
  if (context.dialect.chat_tells_of_ends) read_terminal_state(payload, run);
  observe_unless_nobody(context, std::move(run));
}

void read_session_progress(const EventContext& context, const Members& payload) {
  observe_unless_nobody(context, run_of(payload));
}

}  // namespace cc::gateway::protocol
