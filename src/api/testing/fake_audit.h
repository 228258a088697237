#pragma once
// For tests: an audit record in memory.

#include <algorithm>
#include <mutex>

#include "auth/audit.h"

namespace cc::api::testing {

class FakeAudit final : public auth::Audit {
 public:
  [[nodiscard]] Result<void> record(auth::AuditEntry entry) override {
    const std::scoped_lock lock(mutex_);
    entry.id = entries_.size() + 1;
    entries_.push_back(std::move(entry));
    return {};
  }
  [[nodiscard]] Result<std::vector<auth::AuditEntry>> read(std::optional<std::uint64_t> before,
                                                           std::size_t limit) override {
    const std::scoped_lock lock(mutex_);
    std::vector<auth::AuditEntry> found;
    for (auto next = entries_.rbegin(); next != entries_.rend() && found.size() < limit; ++next) {
      if (!before || next->id < *before) found.push_back(*next);
    }
    return found;
  }

  /// `EVENT RESULT WHO ADDRESS SUBJECT` of each, oldest first.
  [[nodiscard]] std::vector<std::string> told() const {
    const std::scoped_lock lock(mutex_);
    std::vector<std::string> lines;
    for (const auto& entry : entries_) {
      lines.push_back(std::string(text(entry.event)) + " " + std::string(text(entry.result)) + " " +
                      entry.who + " " + entry.address + " " + entry.subject);
    }
    return lines;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<auth::AuditEntry> entries_;
};

}  // namespace cc::api::testing
