#pragma once
// What every answer says to the browser about itself.

#include "api/http/response.h"

namespace cc::api {

/// Adds them; what the route has set already stays. Answers are never kept by anybody unless a
/// route says otherwise.
void add_security_headers(Response& response);

/// The policy of the pages that we serve ourselves.
inline constexpr std::string_view kPagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src "
    "'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

}  // namespace cc::api
