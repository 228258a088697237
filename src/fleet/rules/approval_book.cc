#include "fleet/rules/approval_book.h"

#include <algorithm>
#include <utility>

namespace cc::fleet {

template <class Which>
void ApprovalBook::drop(std::string_view agent, Which which) {
  const AgentRuns* held = runs_.peek(agent);
  if (held == nullptr || std::ranges::none_of(held->approvals, which)) return;
  for (const PendingApproval& approval : held->approvals) {
    if (which(approval)) runs_.mark_session_changed(approval.session_key);
  }
  std::erase_if(runs_.edit(std::string(agent)).approvals, which);
}

void ApprovalBook::add(const std::string& agent, PendingApproval approval) {
  drop(agent, [&](const PendingApproval& held) { return held.id == approval.id; });
  runs_.mark_session_changed(approval.session_key);
  runs_.edit(agent).approvals.push_back(std::move(approval));
}

void ApprovalBook::decided(std::string_view agent, std::string_view approval_id) {
  drop(agent, [&](const PendingApproval& held) { return held.id == approval_id; });
}

void ApprovalBook::run_ended(std::string_view agent, std::string_view run) {
  drop(agent,
       [&](const PendingApproval& held) { return held.run_id == run && !held.outlives_run; });
}

void ApprovalBook::row_told(std::string_view agent, const SessionView& row, bool is_busy) {
  const auto has_moved_on = [&](const PendingApproval& held) {
    return row.started_at && held.gateway_asked_at && *row.started_at > *held.gateway_asked_at;
  };
  drop(agent, [&](const PendingApproval& held) {
    return held.session_key == row.key && (held.outlives_run ? has_moved_on(held) : !is_busy);
  });
}

void ApprovalBook::forget(std::string_view agent, std::string_view session) {
  drop(agent, [&](const PendingApproval& held) { return held.session_key == session; });
}

void ApprovalBook::moved_on(std::string_view agent, std::string_view session,
                            std::string_view run) {
  drop(agent, [&](const PendingApproval& held) {
    return held.session_key == session && held.run_id != run && held.outlives_run;
  });
}

void ApprovalBook::check(const std::string& agent, Millis listened) {
  const auto is_due = [&](const PendingApproval& held) {
    return is_doubtful(held.asked_at, held.doubted_at, listened);
  };
  const AgentRuns* known = runs_.peek(agent);
  if (known == nullptr || std::ranges::none_of(known->approvals, is_due)) return;
  for (PendingApproval& held : runs_.edit(agent).approvals) {
    if (!is_due(held)) continue;
    runs_.doubt(held.session_key);
    held.doubted_at = listened;
  }
}

void ApprovalBook::drop_asked_before(std::string_view agent, TimeMs time) {
  drop(agent, [&](const PendingApproval& held) { return held.expires_at < time + kApprovalLife; });
}

void ApprovalBook::expire(std::string_view agent, TimeMs now) {
  drop(agent, [&](const PendingApproval& held) { return held.expires_at <= now; });
}

}  // namespace cc::fleet
