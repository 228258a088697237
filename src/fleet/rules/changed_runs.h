#pragma once
// The runs of agents as a draft holds them, and whose rows have to follow. Part of `merge`.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fleet/rules/draft.h"

namespace cc::fleet {

class ChangedRuns {
 public:
  explicit ChangedRuns(Draft& draft) : draft_(draft) {}

  /// Null where nothing is known of the agent's runs.
  [[nodiscard]] const AgentRuns* peek(std::string_view agent) const {
    return draft_.peek<AgentRuns>(agent);
  }
  /// To write into; the agent counts as changed.
  [[nodiscard]] AgentRuns& edit(const std::string& agent) {
    agents_.insert(agent);
    return draft_.obtain<AgentRuns>(agent);
  }

  void mark_changed(const std::string& agent) { agents_.insert(agent); }
  void mark_session_changed(const std::string& key) { sessions_.insert(key); }
  /// What is known of the session may be wrong: the gateway's own row is to be read.
  void doubt(std::string_view session) { doubted_.emplace(session); }

  [[nodiscard]] const std::set<std::string>& agents() const { return agents_; }
  [[nodiscard]] const std::set<std::string>& sessions() const { return sessions_; }
  [[nodiscard]] std::vector<std::string> doubted() const {
    return {doubted_.begin(), doubted_.end()};
  }

 private:
  Draft& draft_;
  std::set<std::string> agents_;
  std::set<std::string> sessions_;
  std::set<std::string> doubted_;
};

}  // namespace cc::fleet
