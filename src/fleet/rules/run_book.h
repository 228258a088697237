#pragma once
// Rules for runs: which are active, and how the latest ended. Part of `merge`.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fleet/merge.h"
#include "fleet/rules/changed_runs.h"

namespace cc::fleet {

/// Writes into a draft, and marks what has changed.
class RunBook {
 public:
  RunBook(Draft& draft, ChangedRuns& changed, TimeMs now, Millis listened)
      : draft_(draft), changed_(changed), now_(now), listened_(listened) {}

  /// An event told of its start.
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
    bool is_firm = false;  // the gateway has said so for a while
    [[nodiscard]] bool names_runs() const { return runs && !runs->empty(); }
  };
  void reconcile(std::string_view agent, const SessionView& row, const Busy& busy);
  /// The run failed, but a retry may follow.
  void failing(const std::string& agent, const std::string& session, const std::string& run,
               TimeMs failed_at);
  /// When the run failed, by the gateway's clock. Empty if a retry has begun since.
  [[nodiscard]] std::optional<TimeMs> failed_at(const std::string& agent, std::string_view session,
                                                std::string_view run) const;
  /// The run showed progress; without a run id, all runs of the session did.
  void progress(const std::string& agent, const std::string& session, const std::string& run);

  /// Whether what is known of the agent's last end can still change by this end. What an event told
  /// is not changed by what a list repeats.
  [[nodiscard]] bool may_be_last(std::string_view agent, const LastEnd& end, bool is_news) const;
  /// A list told of an end. Counts only if it is later than the last known end.
  void ended(const std::string& agent, LastEnd end);
  /// Whether a person stopped the run that this row calls failed or timed out.
  [[nodiscard]] bool was_stopped(const SessionView& row, TimeMs ended_at) const;
  /// An event told of an end that was not known. On an ordered link it is the latest, whatever the
  /// gateway's clock says.
  void ended_now(const std::string& agent, LastEnd end);
  /// The session does not show its end any more (reset, archived).
  void take_back_end(const std::string& agent, std::string_view session);
  /// The lifecycle told that a run of the session ended.
  void lifecycle_ended(const std::string& agent, const std::string& session, const std::string& run,
                       TimeMs at);
  [[nodiscard]] bool is_active(std::string_view agent, std::string_view session,
                               std::string_view run) const;

  /// The gateway's own row says that the session is still busy.
  void confirm(const std::string& agent, std::string_view session);
  /// Until now nothing could be heard.
  void listen_again();
  /// The runs of sessions that are not there (any more) end; nobody would tell.
  void end_in(const std::function<bool(std::string_view session)>& is_gone);
  /// The session left: its runs end, and where the agent's last end was its, the next to last
  /// counts again.
  void forget(const std::string& agent, const std::string& session);

  /// Time passed for this agent: provisional failures become final, silent runs are doubted, and
  /// stall once the gateway confirmed them.
  void expire(const std::string& agent, const MergeRules& rules);

  /// The agent of a run, if only the run is known.
  [[nodiscard]] std::optional<std::string> agent_of(std::string_view run) const;

 private:
  Run* find(AgentRuns& runs, std::string_view session, std::string_view run);
  /// Null where the gateway has told of more runs than are kept.
  Run* begin(const std::string& agent, Run run);
  void end_all(const std::string& agent, const std::string& session);
  void note_progress(Run& run);
  void expire_one(Run& run, const MergeRules& rules);
  [[nodiscard]] Run run_of_row(const SessionView& row, const std::string& id) const;
  [[nodiscard]] bool has_ended_since(std::string_view agent, const SessionView& row) const;
  [[nodiscard]] bool is_later(const LastEnd& end, const LastEnd& held) const;
  void busy_with(const std::string& agent, const SessionView& row,
                 const std::vector<std::string>& ids);
  void resume_stall(const std::string& agent, const SessionView& row);
  [[nodiscard]] bool has_runs(std::string_view agent, std::string_view session) const;
  void recall_last_end(AgentRuns& runs);

  Draft& draft_;
  ChangedRuns& changed_;
  const TimeMs now_;
  const Millis listened_;
};

/// Whether it says that its latest run has ended.
[[nodiscard]] bool is_end(std::string_view session_status);
/// Whether the row tells of an end that counts for its agent: not where it is put away.
[[nodiscard]] bool shows_end(const SessionView& row);
/// Whether a run goes on that began before the end that its row shows: one of the two is late.
[[nodiscard]] bool holds_ended_run(const AgentRuns& runs, const SessionView& row);
/// Of a row that shows one.
[[nodiscard]] LastEnd last_end_of(const SessionView& row);

}  // namespace cc::fleet
