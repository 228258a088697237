#pragma once
// What lists and patches mean for agents, and what sessions mean for theirs. Part of `merge`.

#include "fleet/rules/rule_context.h"

namespace cc::fleet {

class AgentRules {
 public:
  explicit AgentRules(const RuleContext& context) : context_(context) {}

  /// A row to write into, made where there is none.
  Agent& obtain(const std::string& id);
  /// A complete list.
  void listed(const AgentList& list);
  void configured(const AgentPatch& patch);

  /// One session more or less.
  void add_sessions(std::optional<std::string_view> agent_id, std::int64_t by);
  /// `is_earlier`: the row is dated earlier than before, so the gateway's clock was set back.
  void note_activity(const SessionView& row, bool is_earlier);
  /// As the sessions say, of which all are known.
  void note_activity_anew();

  /// Each change of a session moves the count of its agent. Only an agent that was not there until
  /// now has missed some, so nothing is counted where there is none.
  void count_sessions();
  /// As `count_sessions`, in any case.
  void count_sessions_anew();

 private:
  RuleContext context_;
  bool any_is_new_ = false;
};

}  // namespace cc::fleet
