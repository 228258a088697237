#include "auth/audit_fold.h"

#include <utility>

#include "auth/guess_limits.h"

namespace cc::auth {

bool AuditFold::passes(const AuditEntry& entry) {
  // Who tells a command is signed in; each refusal is of another one.
  const bool of_command =
      entry.event == AuditEvent::kCommand || entry.event == AuditEvent::kCommandEnd;
  if (of_command) return true;
  if (entry.result != AuditResult::kRefused && entry.result != AuditResult::kWaiting) return true;
  if (counted_.empty()) began_ = entry.at;
  const Key key(entry.event, entry.result, household(entry.address));
  if (const auto known = counted_.find(key); known != counted_.end()) {
    count(known->second, entry);
    return false;
  }
  if (counted_.size() < kMaxApart) {
    counted_.emplace(key, entry).first->second.times = 0;
    return true;
  }
  auto anybody = entry;
  anybody.address.clear();
  anybody.times = 0;
  count(counted_.try_emplace(Key(entry.event, entry.result, ""), anybody).first->second, entry);
  return false;
}

void AuditFold::count(AuditEntry& counted, const AuditEntry& entry) {
  counted.at = entry.at;
  counted.times += entry.times;
}

std::vector<AuditEntry> AuditFold::take_due(TimeMs now) {
  if (counted_.empty() || (now >= began_ && now - began_ < kWindow.count())) return {};
  return take_all();
}

std::vector<AuditEntry> AuditFold::take_all() {
  std::vector<AuditEntry> due;
  for (auto& [key, entry] : std::exchange(counted_, {})) {
    if (entry.times > 0) due.push_back(std::move(entry));
  }
  return due;
}

}  // namespace cc::auth
