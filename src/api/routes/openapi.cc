#include <array>

#include "api/embedded.h"
#include "api/routes/table.h"

namespace cc::api::routes {
namespace {

Response document(Services& /*services*/, const Call& /*call*/) {
  Response response{.status = 200, .headers = {}, .body = embedded_file("openapi.json")};
  return std::move(response.with("Content-Type", "application/json"));
}

constexpr std::array kRoutes{Route{Method::kGet, "/api/openapi.json", kViewer, document}};

}  // namespace

std::span<const Route> openapi() {
  return kRoutes;
}

}  // namespace cc::api::routes
