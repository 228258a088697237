// Everything outside /api and /metrics: the pages that are part of the program.

#include <array>

#include "api/assets.h"
#include "api/routes/table.h"

namespace cc::api::routes {
namespace {

Response show(Services& /*services*/, const Call& call) {
  static const Assets assets(embedded_files());
  return assets.answer(call.request);
}

constexpr std::array kRoutes{Route{Method::kGet, "/{asset*}", kPublic, show}};

}  // namespace

std::span<const Route> page() {
  return kRoutes;
}

}  // namespace cc::api::routes
