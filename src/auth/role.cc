#include "auth/auth.h"

namespace cc::auth {

std::string_view text(Role role) {
  switch (role) {
    case Role::kViewer: return "viewer";
    case Role::kOperator: return "operator";
    case Role::kAdmin: return "admin";
  }
  return {};
}

std::optional<Role> parse_role(std::string_view word) {
  for (const auto role : {Role::kViewer, Role::kOperator, Role::kAdmin}) {
    if (word == text(role)) return role;
  }
  return std::nullopt;
}

Role role_that_counts(Role role, int made_in, int now) {
  const bool commands_came_later =
      made_in < kOperatorsCommandSince && kOperatorsCommandSince <= now;
  return role == Role::kOperator && commands_came_later ? Role::kViewer : role;
}

}  // namespace cc::auth
