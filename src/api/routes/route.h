#pragma once
// A route: what is asked, who may ask it, on which thread, and who answers. The policy has no
// default, so a route without one does not compile.

#include <optional>
#include <string_view>

#include "api/routes/call.h"

namespace cc::api {

struct Resources;

class Policy {
 public:
  Policy() = delete;
  /// Open without a login.
  static constexpr Policy open() { return Policy(std::nullopt); }
  /// Open to this role and higher ones.
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

enum class Thread {
  kServer,  // the server's own thread: for what neither waits nor looks at many rows
  kWorker,  // a worker's: several at once
};

using Handler = Answer (*)(const Resources&, const Call&);

/// A GET route answers HEAD too. `path` is a template: `{name}` is any one part, `{name*}` all that
/// is left.
struct Route {
  Method method;
  std::string_view path;
  Policy policy;
  Thread thread;
  Handler handler;
};

}  // namespace cc::api
