#pragma once
// A request's way through the house: guards first, each with its own answer, then the route. The
// head is judged before a byte of the body is read, so nobody makes us read what we would refuse.

#include <memory>
#include <optional>
#include <string_view>
#include <variant>

#include "api/middleware/forwarded.h"
#include "api/middleware/host_guard.h"
#include "api/routes/router.h"

namespace cc::api {

inline constexpr std::size_t kMaxTargetBytes = 8 * 1024;
inline constexpr std::size_t kMaxBodyBytes = 64 * 1024;

/// Used on the server's thread alone. `services` must outlive it.
class Dispatcher {
 public:
  Dispatcher(Services& services, HostGuard host_guard, Forwarded forwarded);

  /// A request on its way. Filled by `admit`.
  struct Visit {
    SteadyTime began;
    std::string_view route = "unmatched";  // for figures: the template, never what was sent
    std::optional<Response> refusal;       // set: this is the answer, the body is not wanted
    const Route* admitted = nullptr;
    Target target;
    std::vector<std::string> captured;
    std::optional<auth::Identity> identity;
  };

  /// Sees to who is asking first: a trusted proxy's client takes the proxy's place.
  [[nodiscard]] Visit admit(Request& request) const;
  /// Of an admitted visit, once the body is there. May be a LaterBody.
  [[nodiscard]] Response answer(const Visit& visit, const Request& request) const;
  /// The last touch, once the answer is known: headers that all answers have, figures, the log.
  void finish(const Visit& visit, const Request& request, Response& response) const;
  /// For what never became a request: a head that cannot be read.
  void finish_unread(Response& response) const;

  [[nodiscard]] bool still_valid(const auth::Identity& identity) const;

 private:
  [[nodiscard]] std::optional<Response> refuse_head(const Request& request, Visit& visit) const;
  [[nodiscard]] std::optional<Response> refuse_caller(const Request& request,
                                                      const RouteMatch& match, Visit& visit) const;

  Services& services_;
  HostGuard host_guard_;
  Forwarded forwarded_;
  Router router_;
};

}  // namespace cc::api
