#include "fleet/rules/run_event_rules.h"

#include "fleet/rules/failures.h"

namespace cc::fleet {

void RunEventRules::heard(const RunEvent& event) {
  const auto agent = agent_of(event);
  if (!agent) return;
  // Agents that nobody lists could be without end.
  if (context_.changed.peek(*agent) == nullptr && context_.draft.usage().has_too_many_runs()) {
    return context_.draft.leave_out();
  }
  switch (event.kind) {
    case RunEvent::Kind::kStart:
      context_.approvals.moved_on(*agent, event.session_key, event.run_id);
      context_.runs.start(*agent, event.session_key, event.run_id, started(event));
      break;
    case RunEvent::Kind::kEnd: ended(*agent, event, "done"); break;
    case RunEvent::Kind::kError: failed(*agent, event); break;
    case RunEvent::Kind::kProgress:
      context_.runs.progress(*agent, event.session_key, event.run_id);
      break;
    case RunEvent::Kind::kWaiting: asked(*agent, event); break;
    case RunEvent::Kind::kApproved: context_.approvals.decided(*agent, event.approval_id); break;
  }
}

void RunEventRules::asked(const std::string& agent, const RunEvent& event) {
  if (context_.draft.usage().has_too_many_runs()) return context_.draft.leave_out();
  context_.approvals.add(agent, {.id = event.approval_id,
                                 .session_key = event.session_key,
                                 .run_id = event.run_id,
                                 .expires_at = context_.seen.at + kApprovalLife,
                                 .outlives_run = event.outlived_by_approval,
                                 .gateway_asked_at = event.asked_at,
                                 .asked_at = context_.listened,
                                 .doubted_at = context_.listened});
}

void RunEventRules::failed(const std::string& agent, const RunEvent& event) {
  if (event.final) return ended(agent, event, "failed");
  context_.runs.failing(agent, event.session_key, event.run_id,
                        event.ended_at.value_or(started(event)));
}

void RunEventRules::ended(const std::string& agent, const RunEvent& event, std::string_view how) {
  auto ended_at = event.ended_at;
  // A gateway that retries says when the run failed by its first word, and by its last that it is
  // final.
  if (!ended_at && event.kind == RunEvent::Kind::kError) {
    ended_at = context_.runs.failed_at(agent, event.session_key, event.run_id);
  }
  const bool is_news = is_news_of(agent, event, ended_at);
  context_.runs.lifecycle_ended(agent, event.session_key, event.run_id,
                                ended_at.value_or(event.started_at.value_or(0)));
  context_.approvals.run_ended(agent, event.run_id);
  if (how == "failed" && !event.aborted) {
    note_failure(context_.draft, event.session_key,
                 {.at = ended_at.value_or(context_.seen.at),
                  .started_at = event.started_at,
                  .status = how,
                  .words = event.error});
  }
  if (!ended_at || !is_news) return;  // the row that follows says when, by the gateway's clock
  context_.runs.ended_now(agent, {.at = *ended_at,
                                  .started_at = event.started_at,
                                  .status = event.aborted ? "killed" : std::string(how),
                                  .session_key = event.session_key,
                                  .error = event.aborted ? "" : event.error,
                                  .heard_live = true});
}

/// Not where the same end comes again, late or doubled.
bool RunEventRules::is_news_of(const std::string& agent, const RunEvent& event,
                               std::optional<TimeMs> ended_at) const {
  if (context_.runs.is_active(agent, event.session_key, event.run_id)) return true;
  constexpr TimeMs kSameEnd = 50;
  const auto row = context_.draft.peek<Session>(event.session_key);
  return !row || !shows_end(*row) || !ended_at || *ended_at > last_end_of(*row).at + kSameEnd;
}

void RunEventRules::gateway_started(TimeMs at) {
  const auto waiting = context_.draft.ids_where<AgentRuns>(
      [](const AgentRuns& runs) { return !runs.approvals.empty(); });
  for (const auto& agent : waiting) context_.approvals.drop_asked_before(agent, at);
}

std::optional<std::string> RunEventRules::agent_of(const RunEvent& event) const {
  if (event.agent_id) return event.agent_id;
  if (const auto row = context_.draft.peek<Session>(event.session_key); row && row->agent_id) {
    return std::string(*row->agent_id);
  }
  return context_.runs.agent_of(event.run_id);
}

}  // namespace cc::fleet
