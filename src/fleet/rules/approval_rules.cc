#include "fleet/rules/approval_rules.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "fleet/row_rules.h"
#include "fleet/rules/command_rules.h"
#include "fleet/state/fleet.h"

namespace cc::fleet {
namespace {

/// Also one that is over without that it is known how: it was gone, and the gateway tells now.
bool may_end(const Approval& held) {
  if (held.status == ApprovalStatus::kPending) return true;
  return held.status == ApprovalStatus::kCancelled && !held.decision && !held.decided_by;
}

}  // namespace

ApprovalStatus status_of(std::string_view decision) {
  if (decision == "allow-once" || decision == "allow-always") return ApprovalStatus::kAllowed;
  if (decision == "answer") return ApprovalStatus::kAnswered;
  if (decision == "cancel") return ApprovalStatus::kCancelled;
  return ApprovalStatus::kDenied;
}

void ApprovalRules::asked(const ApprovalPatch& patch) {
  const Approval* held = draft_.peek<Approval>(patch.id);
  if (held != nullptr && held->status != ApprovalStatus::kPending) return;  // it came late
  if (held == nullptr && draft_.usage().exceeds(kTooMuch)) return draft_.leave_out();
  apply(draft_.obtain<Approval>(patch.id), patch);
}

void ApprovalRules::resolved(const ApprovalResolved& what) {
  const Approval* held = draft_.peek<Approval>(what.id);
  const bool by_nobody = what.decision.empty() && what.status == ApprovalStatus::kCancelled;
  if (held != nullptr && by_nobody && held->expires_at &&
      now_ + kExpiryGrace >= *held->expires_at) {
    return ended(what.id, ApprovalStatus::kExpired, {}, {});
  }
  const Command* ours = commands_.decider(what.id, what.decision);
  const bool by_us = ours != nullptr && (what.by == kOurName || what.by.empty());
  ended(what.id, what.status, what.decision, by_us ? ours->author.name : what.by);
}

void ApprovalRules::ended(std::string_view id, ApprovalStatus status, std::string_view decision,
                          std::string_view by) {
  const Approval* held = draft_.peek<Approval>(id);
  if (held == nullptr || !may_end(*held)) return;
  Approval& row = *draft_.edit<Approval>(id);
  row.status = status;
  row.decision = unless_empty(std::string(decision));
  row.decided_by = unless_empty(std::string(by));
  row.decided_at = now_;
  commands_.approval_ended(id, decision);
}

void ApprovalRules::gone(std::string_view id) {
  const Approval* held = draft_.peek<Approval>(id);
  if (held == nullptr) return;
  const bool expired = held->expires_at && *held->expires_at <= now_;
  // What was decided is not known, so nothing is settled by it.
  if (held->status != ApprovalStatus::kPending) return;
  Approval& row = *draft_.edit<Approval>(id);
  row.status = expired ? ApprovalStatus::kExpired : ApprovalStatus::kCancelled;
  row.decided_at = now_;
}

void ApprovalRules::listed(const ApprovalList& list) {
  TextMap<bool> pending;
  for (const auto& patch : list.pending) {
    pending.try_emplace(patch.id, true);
    asked(patch);
  }
  const auto left = draft_.ids_where<Approval>([&](const Approval& row) {
    return row.status == ApprovalStatus::kPending && !pending.contains(row.id) &&
           std::ranges::find(list.kinds, row.kind) != list.kinds.end();
  });
  for (const auto& id : left) gone(id);
}

void ApprovalRules::run_waits(std::string_view id, std::string_view run) {
  const Approval* held = draft_.peek<Approval>(id);
  if (held != nullptr && !held->run_id && !run.empty()) {
    draft_.edit<Approval>(id)->run_id = std::string(run);
  }
}

bool ApprovalRules::has_expired(const Approval& row) const {
  return row.status == ApprovalStatus::kPending && row.expires_at &&
         now_ >= *row.expires_at + kExpiryGrace;
}

bool ApprovalRules::is_old(const Approval& row) const {
  return row.decided_at && now_ >= *row.decided_at + kApprovalStays;
}

void ApprovalRules::time_passed() {
  const auto due = draft_.ids_where<Approval>(
      [&](const Approval& row) { return has_expired(row) || is_old(row); });
  for (const auto& id : due) {
    const Approval& row = *draft_.peek<Approval>(id);
    is_old(row) ? draft_.remove<Approval>(id) : ended(id, ApprovalStatus::kExpired, {}, {});
  }
}

}  // namespace cc::fleet
