#pragma once
// Rules for runs, and for what follows from them: a session's `activeRuns`, an agent's status. Part
// of `merge`.

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fleet/draft.h"
#include "fleet/merge.h"
#include "fleet/observation.h"

namespace cc::fleet {

/// Writes into a draft. Call `settle` last: it brings the rows of all agents and sessions whose
/// runs were touched up to date.
class RunBook {
 public:
  RunBook(Draft& draft, TimeMs now) : draft_(draft), now_(now) {}

  void start(const std::string& agent, const std::string& session, const std::string& run,
             TimeMs started_at);
  /// Ends the run, or the one of that session whose id is not known.
  void end(const std::string& agent, const std::string& session, const std::string& run);
  /// What a row says of its session: busy with exactly these runs, busy with something (`hint`,
  /// where not empty, is the id of a run that it may be), or not busy.
  struct Busy {
    bool is_busy = false;
    std::optional<std::vector<std::string>> runs;
    std::string hint;
  };
  void reconcile(std::string_view agent, const SessionView& row, const Busy& busy);
  /// The run failed, but a retry may follow.
  void failing(const std::string& agent, const std::string& session, const std::string& run,
               TimeMs failed_at);
  /// When it did, by the gateway's clock, where no retry has begun since.
  [[nodiscard]] std::optional<TimeMs> failed_at(const std::string& agent, std::string_view session,
                                                std::string_view run) const;
  /// Something came from the run; without a run id, from all of the session.
  void progress(const std::string& agent, const std::string& session, const std::string& run);

  void wait_for(const std::string& agent, Approval approval);
  void approved(const std::string& agent, const std::string& approval_id);
  /// The run ended, and with it what it waited for.
  void drop_approvals_of(const std::string& agent, const std::string& run);
  /// Nothing runs in the session any more, so nothing waits in it.
  void drop_approvals_in(std::string_view agent, std::string_view session);
  /// Those that expire before `time`.
  void drop_approvals_until(const std::string& agent, TimeMs time);

  /// Whether what is known of the agent's last end can still change by an end of that session.
  [[nodiscard]] bool may_be_last(std::string_view agent, std::string_view session,
                                 TimeMs ended_at) const;
  /// A run ended like this; counts where it is later than what is known.
  void ended(const std::string& agent, LastEnd end);
  /// The session left: its runs end, and where the agent's last end was its, the next to last
  /// counts again.
  void forget(const std::string& agent, const std::string& session);

  /// Time passed for this agent: approvals expire, provisional failures become final, silent runs
  /// stall.
  void expire(const std::string& agent, const MergeRules& rules);

  /// The agent whose run this is, where only the run is known.
  [[nodiscard]] std::optional<std::string> agent_of(std::string_view run) const;

  /// Something happened in the agent, and nothing else is known of it.
  void touch(const std::string& agent) { agents_.insert(agent); }
  void settle();
  /// The sessions alone: an agent's runs are only known in part, so what it does is not.
  void settle_sessions();

 private:
  AgentRuns& runs_of(const std::string& agent);
  template <class Which>
  void drop_approvals(std::string_view agent, Which which);
  Run* find(AgentRuns& runs, std::string_view session, std::string_view run);
  void end_all(const std::string& agent, const std::string& session);
  void busy_with(const std::string& agent, const SessionView& row,
                 const std::vector<std::string>& ids);
  void resume_stall(const std::string& agent, const SessionView& row);
  [[nodiscard]] bool has_runs(std::string_view agent, std::string_view session) const;
  void settle_agent(const std::string& id);
  void settle_session(const std::string& key);
  void recall_last_end(AgentRuns& runs);

  Draft& draft_;
  const TimeMs now_;
  std::set<std::string> agents_;
  std::set<std::string> sessions_;
};

/// Whether a session's `status` says that its latest run has ended.
[[nodiscard]] bool is_end(std::string_view session_status);

}  // namespace cc::fleet
