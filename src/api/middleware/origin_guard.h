#pragma once
// Rejects what a page of another origin sends with the browser's cookie: writes (cross-site request
// forgery), and reads that would open streams or lists without the operator's knowledge.

#include "api/http/request.h"

namespace cc::api {

/// Whether the request is a write that does not come from our own pages. A program sends neither
/// `Origin` nor `Sec-Fetch-Site`, and passes. Call it after the host guard: `Host` is taken as
/// right.
[[nodiscard]] bool is_foreign_write(const Request& request);

/// Whether the browser says that a page elsewhere made it ask (`Sec-Fetch-Site`). Another port of
/// this machine is elsewhere too, though it shares the cookie.
[[nodiscard]] bool is_from_another_site(const Request& request);

}  // namespace cc::api
