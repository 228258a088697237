#pragma once
// Passes a request through the guards and to its route. The head is checked before the body is
// read, so no client can make us read a body that we would reject.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "api/middleware/forwarded.h"
#include "api/middleware/host_guard.h"
#include "api/resources/access/request_audit.h"
#include "api/routes/resources.h"
#include "api/routes/router.h"
#include "auth/auth.h"
#include "base/clock.h"
#include "telemetry/log.h"
#include "telemetry/metrics.h"

namespace cc::api {

inline constexpr std::size_t kMaxTargetBytes = 8 * 1024;
inline constexpr std::size_t kMaxBodyBytes = 64 * 1024;

/// What it is made of must outlive it. `answer` and `go_on` from any thread, the rest on the
/// server's.
class Dispatcher {
 public:
  struct Parts {
    Resources resources;
    const auth::Auth& auth;
    RequestAudit audit;
    const Clock& clock;
    telemetry::Log& log;
    telemetry::Metrics& metrics;
    HostGuard host_guard;
    Forwarded forwarded;
    std::string base_path = "/";  // under which a proxy may show all of it; ends with a slash
    std::optional<std::string> token_file;  // where the admin token lies; empty: given by hand
  };
  explicit Dispatcher(Parts parts);

  /// A request on its way. Filled by `admit`.
  struct Visit {
    SteadyTime began;
    std::string_view route = "unmatched";   // for figures: the template, never what was sent
    std::optional<Response> refusal;        // set: this is the answer, the body is not wanted
    std::optional<auth::AuditEntry> audit;  // to be written down with the refusal
    const Route* admitted = nullptr;
    Target target;
    std::vector<std::string> captured;
    std::optional<auth::Identity> identity;
  };

  /// If a trusted proxy sent the request, its client takes the proxy's place first.
  [[nodiscard]] Visit admit(Request& request) const;
  /// Whether the answer takes no time, so that the server's thread may make it.
  [[nodiscard]] static bool is_quick(const Visit& visit);
  /// Once the body is there, or the visit is refused.
  [[nodiscard]] Answer answer(const Visit& visit, const Request& request) const;
  /// The next piece of work on such an answer; empty where there is more to do.
  [[nodiscard]] std::optional<Response> go_on(const Visit& visit, const InPieces& pieces,
                                              store::JournalReader& journal) const;
  /// Adds the headers that all answers have, and writes metrics and log.
  void finish(const Visit& visit, const Request& request, Response& response) const;
  /// As `finish`, for a head that could not be parsed.
  void finish_unread(Response& response) const;

  [[nodiscard]] bool still_valid(const auth::Identity& identity) const;

 private:
  [[nodiscard]] std::optional<Response> refuse_head(const Request& request, Visit& visit) const;
  [[nodiscard]] std::optional<Response> refuse_caller(const Request& request,
                                                      const RouteMatch& match, Visit& visit) const;

  template <class Make>
  [[nodiscard]] auto guarded(const Visit& visit, Make make) const -> decltype(make());

  Parts parts_;
  Router router_;
};

}  // namespace cc::api
