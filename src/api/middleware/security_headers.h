#pragma once
// Security headers of every answer.

#include "api/http/response.h"

namespace cc::api {

/// Adds them, except those that the route has set. Answers are not cached unless a route says so.
void add_security_headers(Response& response);

}  // namespace cc::api
