#pragma once
// A route: what is asked, who may ask it, and who answers. The policy has no default, so a route
// without one does not compile.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/request.h"
#include "api/http/response.h"
#include "api/http/target.h"
#include "api/services.h"
#include "auth/auth.h"

namespace cc::api {

class Policy {
 public:
  Policy() = delete;
  /// Answers without a login.
  static constexpr Policy open() { return Policy(std::nullopt); }
  /// Answers whoever is signed in with this role or a higher one.
  static constexpr Policy at_least(auth::Role role) { return Policy(role); }

  [[nodiscard]] constexpr bool is_open() const { return !role_; }
  [[nodiscard]] constexpr std::optional<auth::Role> role() const { return role_; }
  [[nodiscard]] constexpr bool allows(const auth::Identity& identity) const {
    return !role_ || identity.role >= *role_;
  }

 private:
  explicit constexpr Policy(std::optional<auth::Role> role) : role_(role) {}
  std::optional<auth::Role> role_;
};

inline constexpr Policy kPublic = Policy::open();
inline constexpr Policy kViewer = Policy::at_least(auth::Role::kViewer);
inline constexpr Policy kOperator = Policy::at_least(auth::Role::kOperator);
inline constexpr Policy kAdmin = Policy::at_least(auth::Role::kAdmin);

/// A request that was let in, as a handler gets it.
struct Call {
  const Request& request;
  const Parameters& query;
  const std::vector<std::string>& captured;  // what stood for `{…}` in the path, decoded, in order
  const std::optional<auth::Identity>& identity;  // set unless the route is open
};

using Handler = Response (*)(Services&, const Call&);

/// A GET route answers HEAD too. `path` is a template: `{name}` is any one part, `{name*}` all that
/// is left.
struct Route {
  Method method;
  std::string_view path;
  Policy policy;
  Handler handler;
};

/// Into the audit record, with the client's address. Where that cannot be written the log says so;
/// the request goes on, since a full disk must not lock anybody out.
void write_down(Services& services, const Request& request, auth::AuditEntry entry);

/// A 400 that names the parameter.
[[nodiscard]] Response parameter_problem(std::string_view parameter, std::string_view detail);

/// The first parameter that is not one of `known`, or that is given twice, as a 400.
[[nodiscard]] std::optional<Response> find_parameter_fault(
    const Parameters& query, std::initializer_list<std::string_view> known);
[[nodiscard]] std::optional<std::string_view> find_parameter(const Parameters& query,
                                                             std::string_view name);

}  // namespace cc::api
