#pragma once
// An admitted request, as a handler gets it.

#include <optional>
#include <string>
#include <vector>

#include "api/answer.h"
#include "api/http/parameters.h"
#include "api/http/request.h"
#include "auth/auth.h"

namespace cc::api {

/// Good until the handler returns; a response in pieces keeps what it needs.
struct Call {
  const Request& request;
  const Parameters& query;
  const std::vector<std::string>& captured;  // what stood for `{…}` in the path, decoded, in order
  const std::optional<auth::Identity>& identity;  // set unless the route is open
};

}  // namespace cc::api
