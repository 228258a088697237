#pragma once
// The audit record: sign-ins, failures and changes of tokens. Append-only, in its own file beside
// the tokens (docs/adr/0006-the-audit-record.md). Knows nothing of routes.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace cc::auth {

enum class AuditEvent {
  kSignIn,
  kSignOut,
  kRequest,  // with a token or a cookie that does not count
  kTokenCreate,
  kTokenRevoke,
  kBackup,
  kCommand,     // told by a person; refused: not taken
  kCommandEnd,  // what became of it; failed: it expired, or its answer was lost
};
[[nodiscard]] std::string_view text(AuditEvent event);

enum class AuditResult {
  kOk,
  kRefused,  // it was not a token of ours
  kWaiting,  // it was not looked at: too many failures before it
  kFailed,   // it was allowed, and something went wrong
};
[[nodiscard]] std::string_view text(AuditResult result);

struct AuditEntry {
  std::uint64_t id = 0;  // rises by one, from 1
  TimeMs at = 0;
  AuditEvent event = AuditEvent::kSignIn;
  AuditResult result = AuditResult::kOk;
  std::string who;      // the name of what was presented; empty: nobody's
  std::string address;  // where it came from; empty: several, or this machine's command line
  std::string subject;  // what it was done to, such as a token's id; empty: nothing
  std::uint64_t times = 1;

  friend bool operator==(const AuditEntry&, const AuditEntry&) = default;
};

/// As it is kept and as it is shown.
[[nodiscard]] std::string to_json(const AuditEntry& entry);

/// Thread-safe.
class Audit {
 public:
  struct Options {
    std::filesystem::path file;            // 0600, made where it is not there
    std::uint64_t max_bytes = 16U << 20U;  // then it becomes FILE.1, and the FILE.1 before it goes
  };

  /// kRefused: others can read the file. kUnavailable: it cannot be read or written.
  static Result<std::unique_ptr<Audit>> open(Options options, const Clock& clock);
  virtual ~Audit() = default;

  /// Gives it a number and the time. What succeeded is on the disk when this returns; a failure is
  /// at least with the system. Of what is refused again and again from one address, the first time
  /// in a minute is written at once and the others together, once somebody asks or something else
  /// happens. kUnavailable: it could not be written; whether to go on is the caller's business.
  [[nodiscard]] virtual Result<void> record(AuditEntry entry) = 0;

  /// The newest first; `before`: only what has a smaller id.
  [[nodiscard]] virtual Result<std::vector<AuditEntry>> read(std::optional<std::uint64_t> before,
                                                             std::size_t limit) = 0;
};

}  // namespace cc::auth
