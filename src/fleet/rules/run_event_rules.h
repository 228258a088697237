#pragma once
// What events of runs mean. Part of `merge`.

#include "fleet/rules/rule_context.h"

namespace cc::fleet {

class RunEventRules {
 public:
  explicit RunEventRules(const RuleContext& context) : context_(context) {}

  void heard(const RunEvent& event);
  /// A gateway keeps approvals only in memory: a restart loses them.
  void gateway_started(TimeMs at);

 private:
  void failed(const std::string& agent, const RunEvent& event);
  void ended(const std::string& agent, const RunEvent& event, std::string_view how);
  [[nodiscard]] bool is_news_of(const std::string& agent, const RunEvent& event,
                                std::optional<TimeMs> ended_at) const;
  void asked(const std::string& agent, const RunEvent& event);
  [[nodiscard]] std::optional<std::string> agent_of(const RunEvent& event) const;
  [[nodiscard]] TimeMs started(const RunEvent& event) const {
    return event.started_at.value_or(context_.seen.at);
  }

  RuleContext context_;
};

}  // namespace cc::fleet
