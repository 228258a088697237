#pragma once
// What an answer of the REST fall-back means. Part of `merge`.

#include "fleet/rules/session_rules.h"

namespace cc::fleet {

class PollRules {
 public:
  PollRules(const RuleContext& context, AgentRules& agents, SessionRules& sessions)
      : context_(context), agents_(agents), sessions_(sessions) {}

  void polled(const Polled& poll);

 private:
  void agent_polled(const AgentPatch& patch);
  /// The endpoint's status replaces the one that we derived from runs.
  void nobody_sees_others(const TextMap<bool>& listed);
  void report_status(Agent& row, AgentStatus status);
  /// Without events, a row that moved is the only sign of its run.
  void note_progress(const SessionPatch& patch);

  RuleContext context_;
  AgentRules& agents_;
  SessionRules& sessions_;
};

}  // namespace cc::fleet
