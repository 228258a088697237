#pragma once
// All routes, in one place.

#include <span>

#include "api/routes/route.h"

namespace cc::api {

[[nodiscard]] std::span<const Route> all_routes();

}  // namespace cc::api
