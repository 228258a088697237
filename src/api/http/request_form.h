#pragma once
// Forms of a request that mean the same, brought into the one that everything behind this knows: a
// path as its target, and the name that was asked for as its Host.

#include <string_view>

#include "api/http/request.h"

namespace cc::api {

/// A target in absolute form (`http://host/path`): its path becomes the target. Its authority takes
/// the place of what Host says, as RFC 9112 (3.2.2) has it; without a Host, HTTP/1.1 stays wrong.
void take_absolute_form(Request& request);

/// `base` begins and ends with a slash. Below it a target loses it; any other stays.
void take_base_path(Request& request, std::string_view base);

/// `OPTIONS *`: about the server as a whole.
[[nodiscard]] bool is_about_the_server(const Request& request);

/// What balancers ask with HTTP/1.0, and without a Host, which no browser does.
[[nodiscard]] bool is_health_check(const Request& request);

}  // namespace cc::api
