#pragma once
// Who is asking: a bearer token or the cookie of a signed-in browser.

#include <optional>
#include <string>
#include <string_view>

#include "api/http/request.h"
#include "auth/auth.h"

namespace cc::api {

inline constexpr std::string_view kSessionCookie = "control_center_session";

/// A token that is presented decides alone: a cookie does not make up for a wrong one.
[[nodiscard]] std::optional<auth::Identity> authenticate(const auth::Auth& auth,
                                                         const Request& request);

/// Our cookie; empty where there is none.
[[nodiscard]] std::optional<std::string_view> session_cookie(const Request& request);

/// The value of a `Set-Cookie` that signs a browser in, for so many seconds.
[[nodiscard]] std::string set_cookie(const Secret& cookie, std::int64_t max_age_seconds);
/// One that signs it out.
[[nodiscard]] std::string clear_cookie();

}  // namespace cc::api
