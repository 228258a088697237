#include <array>

#include "api/routes/table.h"

namespace cc::api::routes {
namespace {

Response figures(Services& services, const Call& /*call*/) {
  Response response{.status = 200, .headers = {}, .body = services.metrics.text()};
  return std::move(response.with("Content-Type", "text/plain; version=0.0.4; charset=utf-8"));
}

constexpr std::array kRoutes{Route{Method::kGet, "/metrics", kViewer, figures}};

}  // namespace

std::span<const Route> metrics() {
  return kRoutes;
}

}  // namespace cc::api::routes
