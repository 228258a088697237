#pragma once
// Audit as a file of JSON lines.

#include <tuple>

#include "auth/audit.h"
#include "base/fold.h"
#include "base/guarded.h"
#include "files/descriptor.h"

namespace cc::auth {

/// nullopt for a line that is none of ours, or was not written to its end.
[[nodiscard]] std::optional<AuditEntry> audit_entry_from_json(std::string_view line);

/// Thread-safe: one lock, also held while the file is written and read.
class FileAudit final : public Audit {
 public:
  FileAudit(Options options, const Clock& clock) : options_(std::move(options)), clock_(clock) {}
  /// Writes what was only counted so far.
  ~FileAudit() override;
  FileAudit(const FileAudit&) = delete;
  FileAudit& operator=(const FileAudit&) = delete;

  /// Opens the file and goes on after its last entry.
  [[nodiscard]] Result<void> begin();

  Result<void> record(AuditEntry entry) override;
  Result<std::vector<AuditEntry>> read(std::optional<std::uint64_t> before,
                                       std::size_t limit) override;

 private:
  /// What was refused, how, and to whom.
  using Refusal = std::tuple<AuditEvent, AuditResult, std::string>;

  /// Whether it is to be written now; if not, it is counted.
  [[nodiscard]] bool is_to_be_written(const AuditEntry& entry) REQUIRES(mutex_);
  [[nodiscard]] Result<void> open_file() REQUIRES(mutex_);
  [[nodiscard]] Result<void> append(AuditEntry entry, bool safely) REQUIRES(mutex_);
  [[nodiscard]] Result<void> append_all(const std::vector<Fold<Refusal>::Counted>& counted)
      REQUIRES(mutex_);
  [[nodiscard]] Result<void> turn_over() REQUIRES(mutex_);
  [[nodiscard]] std::filesystem::path older() const;

  const Options options_;
  const Clock& clock_;
  Mutex mutex_;
  Fold<Refusal> refusals_ GUARDED_BY(mutex_);
  files::Descriptor file_ GUARDED_BY(mutex_);
  std::uint64_t size_ GUARDED_BY(mutex_) = 0;
  std::uint64_t last_ GUARDED_BY(mutex_) = 0;
};

}  // namespace cc::auth
