#pragma once
// What rows and lists of sessions mean for sessions, and for the runs in them. Part of `merge`.

#include "fleet/rules/agent_rules.h"

namespace cc::fleet {

enum class Order {
  kTrusted,     // a list read on a new connection: it is the truth, whatever its times say
  kInterleaved  // a list or an event among others: what is older than what is held is stale
};

class SessionRules {
 public:
  SessionRules(const RuleContext& context, AgentRules& agents)
      : context_(context), agents_(agents) {}

  void changed(const SessionChanged& change);
  void deleted(const SessionDeleted& gone);
  void listed(const SessionList& list, Order order);

 private:
  /// The row as it is then, where `held` is what there was; empty where the patch is stale.
  Seen<Session> apply_patch(const Seen<Session>& held, const SessionPatch& patch, Order order,
                            bool keep_run_state);
  void write(SessionView& row, const SessionPatch& patch, bool is_new, bool keep_run_state);
  void note_end(const SessionView& row, const SessionPatch& patch);
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
  void remove(const SessionView& row);
  void remove_unlisted(const SessionList& list);

  RuleContext context_;
  AgentRules& agents_;
};

}  // namespace cc::fleet
