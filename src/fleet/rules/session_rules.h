#pragma once
// What rows and lists of sessions mean for sessions, and for the runs in them. Part of `merge`.

#include "fleet/rules/agent_rules.h"

namespace cc::fleet {

class SessionRules {
 public:
  SessionRules(const RuleContext& context, AgentRules& agents)
      : context_(context), agents_(agents) {}

  void changed(const SessionChanged& change);
  void deleted(const SessionDeleted& gone);
  void listed(const SessionList& list);
  void checked(const SessionChecked& check);
  /// Sessions leave until there is room again: those in which nothing goes on first, and of these
  /// the ones that were active longest ago.
  void make_room();

 private:
  enum class Told { kByEvent, kByList };
  /// The row as it is then, where `held` is what there was.
  SessionView apply_patch(const Seen<Session>& held, const SessionPatch& patch, Told told,
                          bool keep_run_state = false);
  void write(SessionView& row, const SessionPatch& patch, bool is_new, bool keep_run_state);
  void note_end(const Seen<Session>& held, const SessionView& row, const SessionPatch& patch,
                Told told);
  void take_row(const SessionPatch& patch, bool is_firm);
  /// `has_moved`: the row tells another start, end or status of a run than before.
  void keep_failure(const SessionView& row, const SessionPatch& patch, bool has_moved);
  void busy_from_row(const std::string& agent, const SessionView& row, const SessionChanged& change,
                     bool new_generation);
  void busy_from_phase(const std::string& agent, const SessionView& row,
                       const SessionChanged& change);
  void reconcile(std::string_view agent, const SessionView& row, const RunBook::Busy& busy);
  /// The session is idle, so runs and approvals that we had in it have ended unnoticed.
  void end_runs_in(const std::vector<IdentityPrint>& idle);
  [[nodiscard]] std::vector<std::string> sessions_with_runs() const;
  [[nodiscard]] bool would_leave_first(const SessionPatch& patch);
  [[nodiscard]] TimeMs oldest_idle();
  struct Candidate;
  [[nodiscard]] std::vector<Candidate> least_missed_first() const;
  void remove(const SessionView& row);
  void remove_unlisted(const SessionList& list);

  RuleContext context_;
  AgentRules& agents_;
  std::optional<TimeMs> oldest_idle_;  // when it was updated, once that was asked for
};

}  // namespace cc::fleet
