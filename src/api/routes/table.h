#pragma once
// All routes, in one place.

#include <vector>

#include "api/routes/route.h"

namespace cc::api {

namespace routes {
// Each resource declares its routes beside their handlers, in its own file.
[[nodiscard]] std::span<const Route> health();
[[nodiscard]] std::span<const Route> metrics();
[[nodiscard]] std::span<const Route> openapi();
[[nodiscard]] std::span<const Route> fleet();
[[nodiscard]] std::span<const Route> rows();
[[nodiscard]] std::span<const Route> events();
[[nodiscard]] std::span<const Route> activity();
[[nodiscard]] std::span<const Route> status();
[[nodiscard]] std::span<const Route> stream();
[[nodiscard]] std::span<const Route> session();
[[nodiscard]] std::span<const Route> tokens();
[[nodiscard]] std::span<const Route> audit();
[[nodiscard]] std::span<const Route> backup();
[[nodiscard]] std::span<const Route> page();
}  // namespace routes

[[nodiscard]] std::vector<Route> all_routes();

}  // namespace cc::api
