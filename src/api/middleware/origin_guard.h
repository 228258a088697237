#pragma once
// Writes that a page of another origin sends with the browser's cookie (cross-site request forgery)
// stop here.

#include "api/http/request.h"

namespace cc::api {

/// Whether the request is a write that does not come from our own pages. A program sends neither
/// `Origin` nor `Sec-Fetch-Site`, and passes. Call it after the host guard: `Host` is taken as
/// right.
[[nodiscard]] bool is_foreign_write(const Request& request);

}  // namespace cc::api
