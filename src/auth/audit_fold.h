#pragma once
// Counts repeated failures instead of writing each one, so that a flood of failures does not push
// older entries out of the record.

#include <map>
#include <tuple>
#include <vector>

#include "auth/audit.h"

namespace cc::auth {

/// Not thread-safe. Memory is bounded.
class AuditFold {
 public:
  static constexpr Millis kWindow{60'000};
  /// Kinds of failure and addresses told apart in a window; the rest is counted without them.
  static constexpr std::size_t kMaxApart = 60;

  /// Whether the entry is to be written now; if not, it is counted.
  [[nodiscard]] bool passes(const AuditEntry& entry);
  /// What was counted in the window, once that is over.
  [[nodiscard]] std::vector<AuditEntry> take_due(TimeMs now);
  [[nodiscard]] std::vector<AuditEntry> take_all();

 private:
  using Key = std::tuple<AuditEvent, AuditResult, std::string>;
  static void count(AuditEntry& counted, const AuditEntry& entry);

  std::map<Key, AuditEntry> counted_;  // `times`: those that were not written
  TimeMs began_ = 0;
};

}  // namespace cc::auth
