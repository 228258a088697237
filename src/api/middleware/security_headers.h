#pragma once
// What every answer says to the browser about itself.

#include "api/http/response.h"

namespace cc::api {

/// Adds them; what the route has set already stays. Answers are never kept by anybody unless a
/// route says otherwise.
void add_security_headers(Response& response);

}  // namespace cc::api
