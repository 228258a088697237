#pragma once
// Who is asking: a bearer token or the cookie of a signed-in browser.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/request.h"
#include "auth/auth.h"

namespace cc::api {

/// The port at which the browser finds us follows, since cookies of one host are shared by all its
/// ports. Over TLS it has the prefix `__Host-`: browsers accept such a cookie only from this host,
/// and only over TLS.
inline constexpr std::string_view kSignInCookie = "control_center_session";

/// If a token is presented, it alone decides: a cookie does not replace a wrong token.
[[nodiscard]] std::optional<auth::Identity> authenticate(const auth::Auth& auth,
                                                         const Request& request);

/// Whether it presents a token or a cookie, valid or not.
[[nodiscard]] bool presents_credential(const Request& request);

/// Our cookies: anybody in the same domain can set another of the same name. At most 16, and over
/// TLS only those that were set over TLS. Those without a port in their name are of earlier
/// releases.
[[nodiscard]] std::vector<std::string_view> sign_in_cookies(const Request& request);

/// The value of a `Set-Cookie` that signs a browser in, for so many seconds.
[[nodiscard]] std::string set_cookie(const Request& request, const Secret& cookie,
                                     std::int64_t max_age_seconds);
/// One that signs it out.
[[nodiscard]] std::string clear_cookie(const Request& request);

/// The port follows here too. Scripts can read it: a page asks for nothing where nobody is signed
/// in. It proves nothing.
inline constexpr std::string_view kSignedInMark = "control_center_signed_in";

/// The value of a `Set-Cookie` that tells a page whether somebody is signed in; nullopt where its
/// browser knows.
[[nodiscard]] std::optional<std::string> mark_sign_in(const Request& request, bool signed_in);

}  // namespace cc::api
