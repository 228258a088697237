#pragma once
// Rules for approvals: which of them still wait for a person. Part of `merge`.

#include <string>
#include <string_view>

#include "fleet/rules/changed_runs.h"

namespace cc::fleet {

/// How long an approval waits where the gateway does not say (protocol 3 sends nothing when it
/// expires).
inline constexpr TimeMs kApprovalLife = 30 * 60 * 1000;

class ApprovalBook {
 public:
  explicit ApprovalBook(ChangedRuns& runs) : runs_(runs) {}

  /// One of the same id is replaced.
  void add(const std::string& agent, PendingApproval approval);
  /// It was given or denied.
  void decided(std::string_view agent, std::string_view approval_id);
  /// The run ended, and with it what it waited for, unless that outlives the run.
  void run_ended(std::string_view agent, std::string_view run);
  /// What a row says of its session: an approval ends where nothing runs any more. One that
  /// outlives its run ends where a run has begun since, of which no event may have told.
  void row_told(std::string_view agent, const SessionView& row, bool is_busy);
  /// The session left.
  void forget(std::string_view agent, std::string_view session);
  /// Those that were asked for before `time`.
  void drop_asked_before(std::string_view agent, TimeMs time);
  /// A run begins in the session, by another id than those that ask: what waited there does not.
  void moved_on(std::string_view agent, std::string_view session, std::string_view run);
  /// Time passed for this agent.
  void expire(std::string_view agent, TimeMs now);
  /// Those that have waited for a while are doubted now and then.
  void check(const std::string& agent, Millis listened);

 private:
  template <class Which>
  void drop(std::string_view agent, Which which);

  ChangedRuns& runs_;
};

}  // namespace cc::fleet
